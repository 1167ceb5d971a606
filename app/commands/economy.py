"""`flask economy`: the figures of the economy."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import click

from app.commands.group import SiteGroup
from app.models.base import now
from app.rules.bean.economy import IN_FORCE
from app.rules.clock import iso_time
from app.rules.economy.figures import DEFAULT_DAYS, LONGEST_DAYS
from app.rules.economy.rehearsal import MOST_BEANS, least_of
from app.rules.economy.report import Beans, Month, Report, WayFigures
from app.services.economy.days import keep_report
from app.services.economy.rehearsal import try_out
from app.services.economy.report import read_report

economy = SiteGroup("economy", help="The figures of the economy.")
NONE = "–"


@economy.command("report")
@click.option("--days", type=click.IntRange(1, LONGEST_DAYS), default=DEFAULT_DAYS, show_default=True)
@click.option("--json", "is_json", is_flag=True, help="Print it as JSON.")
def report(days: int, is_json: bool) -> None:
    """Print where the beans are, and how exchanges went in the last days; docs/economy.md says what each figure is."""
    read = read_report(days, now())
    if is_json:
        click.echo(json.dumps(read.as_dict(), ensure_ascii=False, indent=2))
        return
    for line in _lines(read):
        click.echo(line)


def _number(option: str, name: str, words: str) -> Callable[[Any], Any]:
    kind = click.IntRange(least_of(name), MOST_BEANS)
    return click.option(option, name, type=kind, help=f"{words} (in force: {getattr(IN_FORCE, name)}).")


@economy.command("what-if")
@_number("--price", "price", "Beans that a book costs")
@_number("--grant", "for_confirming", "Beans for confirming the e-mail address")
@_number("--first-request", "for_first_request", "Beans for a giver's first request")
@_number("--first-book", "for_first_book", "Beans for a giver's first book that arrives")
@_number("--from-pool", "from_pool", "Beans from the pool in a month")
@_number("--received-per-given", "received_per_given", "Books one may receive for each one given")
@click.option("--days", type=click.IntRange(1, LONGEST_DAYS), default=DEFAULT_DAYS, show_default=True)
@click.option("--json", "is_json", is_flag=True, help="Print it as JSON.")
def what_if(days: int, is_json: bool, **numbers: int | None) -> None:
    """Replay the last days under other numbers; what is not given is as it was. Nothing is changed."""
    tried = try_out(days, now(), {name: number for name, number in numbers.items() if number is not None})
    if is_json:
        click.echo(json.dumps(asdict(tried), indent=2))
        return
    was, would_be = asdict(tried.was), asdict(tried.would_be)
    click.echo(f"{days} days, {_pairs(tried.changed)}")
    for name in (name for name in was if name != "refused"):
        click.echo(f"{name.replace('_', ' ')}: {was[name]} as it was, {would_be[name]} would be")
    click.echo(f"would be refused: {_listed(tried.would_be.refused)}")
    click.echo("Nobody asks here for more, or for another copy, than they did: people would have behaved differently.")


def _pairs(changed: dict[str, int]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {number}" for name, number in changed.items()) or "as they were"


@economy.command("keep")
def keep() -> None:
    """Keep the figures of today for the charts of the desk, as a job does each day."""
    keep_report(now())
    click.echo("kept")


def _lines(read: Report) -> list[str]:
    beans, readers = read.beans, read.readers
    top = NONE if readers.top_tenth is None else f"{readers.top_tenth:.0%}"
    speed = NONE if beans.velocity is None else f"{beans.velocity:.2f}"
    return [
        f"{iso_time(read.time)}, {read.days} days",
        _places(beans),
        f"minted lately: {_listed(beans.lately)}",
        f"paid lately: {beans.paid} beans, {speed} times each bean in 30 days",
        f"readers: {readers.confirmed} confirmed, {readers.without_beans} without a bean, richest tenth holds {top}",
        f"refused: {_listed(read.refused)}",
        *(_way(way, figures) for way, figures in read.ways.items()),
        f"wishes: {read.wishes} open, {read.wishes_with_copy} of them with a copy to be had",
        "copies to be had: " + ", ".join(f"{copies} from day {days}" for days, copies in read.idle.items()),
        *map(_month, read.funnel),
    ]


def _places(beans: Beans) -> str:
    kept = {"live": beans.live, "escrow": beans.escrow, "pool": beans.pool, "minted": beans.minted}
    listed = ", ".join(f"{count} {where}" for where, count in kept.items())
    return f"beans: {listed}; {beans.asleep} asleep, which the pool owes"


def _listed(counted: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counted.items()) or NONE


def _month(month: Month) -> str:
    steps = {"new": month.new, "confirmed": month.confirmed, "listed": month.listed, "exchanged": month.exchanged}
    return f"{month.month}: {', '.join(f'{count} {step}' for step, count in steps.items())}"


def _way(way: str, figures: WayFigures) -> str:
    answer, arrival = (NONE if days is None else f"{days} days" for days in (figures.answer_days, figures.arrival_days))
    return (
        f"{way}: {figures.asked} asked, {figures.arrived} arrived, {figures.lost} lost, {figures.no_show} no-shows, "
        f"{figures.other} ended otherwise; {answer} to the answer, {arrival} from there to the arrival"
    )
