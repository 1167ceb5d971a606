"""`flask reports`: what readers have reported, for moderators."""

import sys

import click

from app.commands.group import SiteGroup
from app.models.base import now
from app.rules.clock import iso_time
from app.services.errors import NotFound
from app.services.moderation.report import list_reports
from app.services.moderation.report_end import close_report

reports = SiteGroup("reports", help="What readers have reported.")
GONE, UNREADABLE = "a reader who has left", "(no key of this site decrypts it)"


@reports.command("list")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
@click.option("--all", "is_all", is_flag=True, help="Print closed ones too.")
def list_newest(limit: int, is_all: bool) -> None:
    """Print the newest open reports: when, what, why, by whom, about whom, and the words of both."""
    for report in list_reports(limit, is_all):
        sides = f"{report.reporter or GONE} about {report.about or GONE}"
        when = iso_time(report.create_time)
        click.echo(f"{report.id}\t{when}\t{report.kind} {report.ref}\t{report.reason}\t{sides}")
        for label, text in (("reported", report.copied), ("says", report.words)):
            for line in (UNREADABLE if text is None else text).splitlines():
                click.echo(f"\t{label}: {line}")


@reports.command("close")
@click.argument("report_id", metavar="ID", type=click.IntRange(1))
def close(report_id: int) -> None:
    """Close a report, and the others of the same thing, without doing anything about it; 2: there is none."""
    try:
        is_closed = close_report(report_id, now())
    except NotFound:
        click.echo("there is no such report", err=True)
        sys.exit(2)
    click.echo("closed, both sides are told" if is_closed else "closed before, nothing done")
