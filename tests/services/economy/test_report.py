"""The report equals a recount of all rows, in plain loops, on random sites."""

import statistics
from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import event, select

from app.models.base import LIVE, db
from app.models.bean import BeanTransfer, EconomyDay, RefusedAsk
from app.models.book import Book
from app.models.drift import Drift, DriftEvent
from app.models.gift import Gift
from app.models.user import User
from app.models.wish import Wish
from app.rules.clock import DAY
from app.rules.economy.report import load_report
from app.rules.exchange.wish_scope import is_covered
from app.services.economy.days import keep_report, list_reports
from app.services.economy.refused import count_refused_ask
from app.services.economy.report import read_report
from tests.exchange import NOW
from tests.services.economy.random_site import RandomSite

DAYS = 90
SINCE = NOW - DAYS * DAY


def rows(model):
    return list(db.session.execute(select(model.__table__).order_by(model.__table__.c.id)).mappings())


@pytest.mark.parametrize("seed", range(3))
def test_the_report_is_what_a_recount_of_all_rows_finds(any_engine_app, seed):
    RandomSite(seed).store()
    read = read_report(DAYS, NOW)
    assert read.as_dict() == {"time": NOW, "days": DAYS} | recount()
    assert read.beans.minted == read.beans.live + read.beans.pool + read.beans.escrow
    assert load_report(read.as_dict()) == read


def recount():
    readers = [row for row in rows(User) if row["status"] == LIVE]
    return {
        "beans": beans_of(readers),
        "readers": readers_of(readers),
        "refused": refused(),
        "ways": {way: way_of(way) for way in ("post", "meet", "place")},
        "wishes": sum(wish["state"] == "open" for wish in rows(Wish)),
        "wishes_with_copy": sum(wish["state"] == "open" and has_copy(wish) for wish in rows(Wish)),
        "idle": idle(),
        "funnel": funnel(),
    }


def beans_of(readers):
    held, lately, paid = Counter(), Counter(), 0
    for move in rows(BeanTransfer):
        held[move["source"]] -= move["amount"]
        held[move["target"]] += move["amount"]
        if move["create_time"] >= SINCE:
            if move["source"] == "mint":
                lately[move["reason"]] += move["amount"]
            if move["target"] == "mint":
                lately[move["reason"]] -= move["amount"]
            is_for_a_book = move["reason"] in ("given", "arrived_late")
            if is_for_a_book and move["source"] == "escrow" and move["target"].startswith("reader:"):
                paid += move["amount"]
    return {
        "live": sum(held[f"reader:{row['id']}"] for row in readers),
        "asleep": sum(row["asleep_beans"] for row in readers),
        "pool": held["pool"],
        "escrow": held["escrow"],
        "minted": -held["mint"],
        "lately": dict(lately),
        "paid": paid,
        "velocity": round(paid / 3 / -held["mint"], 4),
    }


def readers_of(readers):
    beans = sorted((row["beans"] for row in readers if row["confirmed_at"] is not None), reverse=True)
    return {
        "confirmed": len(beans),
        "without_beans": beans.count(0),
        "top_tenth": round(sum(beans[: -(-len(beans) // 10)]) / sum(beans), 4),
    }


def refused():
    counts = Counter()
    for row in rows(RefusedAsk):
        if NOW // DAY - DAYS <= row["day"] <= NOW // DAY:
            counts[row["reason"]] += row["count"]
    return counts


def way_of(way):
    drifts = [row for row in rows(Drift) if row["way"] == way]
    events = {row["id"]: [event for event in rows(DriftEvent) if event["drift_id"] == row["id"]] for row in drifts}
    counts = Counter(end_of(row) for row in drifts if row["state_time"] >= SINCE)
    answers, arrivals = [], []
    for row in drifts:
        said = [event["create_time"] for event in events[row["id"]] if event["action"] in ("accept", "reject")]
        if said and min(said) >= SINCE:
            answers.append((min(said) - row["create_time"]) // 3600)
        promised = [event["create_time"] for event in events[row["id"]] if event["action"] == "accept"]
        if is_got(row) and row["state_time"] >= SINCE and promised and is_said(events[row["id"]]):
            arrivals.append((row["state_time"] - max(promised)) // 3600)
    return {
        "asked": sum(row["create_time"] >= SINCE for row in drifts),
        **{end: counts[end] for end in ("arrived", "lost", "no_show", "other")},
        "answer_days": round(statistics.median(answers) / 24, 1) if answers else None,
        "arrival_days": round(statistics.median(arrivals) / 24, 1) if arrivals else None,
    }


def end_of(row):
    if row["undo_until"] is not None:
        return None
    if row["absent"] is not None:
        return "no_show"
    ends = {
        "received": "arrived",
        "returned": "arrived",
        "passed_on": "arrived",
        "missing": "lost",
        "lost": "lost",
    } | dict.fromkeys(("rejected", "withdrawn", "expired", "cancelled"), "other")
    return ends.get(row["state"])


def is_got(row):
    """Return whether the book is its asker's, and not lent."""
    return row["state"] == "received" and row["undo_until"] is None


def is_said(events):
    return any(
        event["to_state"] == "received" and event["actor"] != "clock" and event["action"] != "leave" for event in events
    )


def has_copy(wish):
    books = {book.id: book for book in db.session.scalars(select(Book))}
    return any(
        gift["state"] == "open"
        and gift["giver_id"] != wish["user_id"]
        and is_covered(wish["scope"], books[wish["book_id"]], books[gift["book_id"]])
        for gift in rows(Gift)
    )


def idle():
    copies = dict.fromkeys((0, 30, 90, 180, 365), 0)
    for gift in rows(Gift):
        if gift["state"] == "open":
            copies[max(days for days in copies if NOW - gift["create_time"] >= days * DAY)] += 1
    return {str(days): number for days, number in copies.items()}


def funnel():
    givers = {row["giver_id"] for row in rows(Gift)}
    arrived = [row for row in rows(Drift) if is_got(row)]
    exchanged = {row["giver_id"] for row in arrived} | {row["asker_id"] for row in arrived}
    months = {}
    year, month = datetime.fromtimestamp(NOW, UTC).year, datetime.fromtimestamp(NOW, UTC).month
    for _ in range(12):
        months[f"{year}-{month:02}"] = [0] * 4
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    for row in rows(User):
        reached = months.get(f"{datetime.fromtimestamp(row['create_time'], UTC):%Y-%m}", [0] * 4)
        steps = True, row["confirmed_at"] is not None, row["id"] in givers, row["id"] in exchanged
        for place, step in enumerate(steps):
            reached[place] += step
    names = ("month", "new", "confirmed", "listed", "exchanged")
    return [dict(zip(names, (month, *numbers), strict=True)) for month, numbers in reversed(months.items())]


def test_an_empty_site_has_a_report(app_context):
    read = read_report(DAYS, NOW)
    assert (read.beans.minted, read.beans.velocity, read.readers.top_tenth) == (0, None, None)
    assert {figures.answer_days for figures in read.ways.values()} == {None}


def test_the_number_of_statements_is_the_same_for_any_site(app_context):
    statements = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    read_report(DAYS, NOW)
    on_empty = [*statements]
    RandomSite(1).store()
    statements.clear()
    read_report(DAYS, NOW)
    assert statements == on_empty
    assert len(statements) <= 12


def test_each_day_has_one_report_the_last_one(app_context):
    for time in (NOW, NOW + 1, NOW + DAY):
        keep_report(time)
    assert [report.time for report in list_reports(7, NOW + DAY, 9)] == [NOW + 1, NOW + DAY]
    assert list_reports(7, NOW + 9 * DAY, 9) == []
    assert len(rows(EconomyDay)) == 2


def test_of_many_days_the_newest_and_evenly_chosen_ones_are_listed(app_context):
    for day in range(7):
        keep_report(NOW + day * DAY)
    listed = list_reports(90, NOW + 6 * DAY, 3)
    assert [report.time for report in listed] == [NOW, NOW + 3 * DAY, NOW + 6 * DAY]


def test_refusals_are_counted_by_day_and_reason(app_context):
    for reason, time in (("a", NOW), ("a", NOW), ("b", NOW), ("a", NOW - DAYS * DAY), ("a", NOW - (DAYS + 1) * DAY)):
        count_refused_ask(reason, time)
    assert read_report(DAYS, NOW).refused == {"a": 3, "b": 1}
