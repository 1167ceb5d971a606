"""The words of the figures of the economy."""

from collections.abc import Mapping
from itertools import pairwise

from flask import Flask
from flask_babel import format_decimal, format_percent, gettext
from flask_babel import lazy_gettext as _l

REFUSED = {
    "not_enough_beans": _l("no beans left"),
    "give_before_asking_again": _l("has to give a book first"),
    "too_many_open_requests": _l("too many requests under way"),
    "books_still_missing": _l("too many books reported missing"),
    "email_not_confirmed": _l("e-mail address not confirmed"),
    "limited": _l("limited by a decision"),
    "own_gift": _l("the reader’s own copy"),
    "already_asked": _l("already asked for"),
    "copy_already_reserved": _l("somebody else has asked for it"),
    "copy_not_open": _l("no longer available"),
    "copy_kept_for_another": _l("kept for somebody who waits for it"),
    "giver_away": _l("the giver is away"),
    "asked_lately": _l("asked for the same copy a few days ago"),
    "too_many_to_one_giver": _l("too many requests to one giver in a day"),
    "way_not_offered": _l("not handed over in this way"),
    "place_not_offered": _l("no meeting place is open"),
}
MINTED = {
    "confirmed": _l("for confirming the e-mail address"),
    "first_request": _l("for a first request"),
    "first_book": _l("for a first book"),
    "granted": _l("granted by hand"),
    "covered": _l("lent to the pool"),
    "made_whole": _l("for lost books"),
    "account_closed": _l("back from closed accounts"),
    "given": _l("back, as the giver has left"),
    "arrived_late": _l("back, as the giver has left or was paid before"),
    "returned": _l("back, as the asker has left"),
}


Row = tuple[str, int]


def refused_rows(refused: Mapping[str, int]) -> list[Row]:
    """Return the reasons of refusals in words, with their numbers; one that has no words is named by its code."""
    return [(str(REFUSED.get(code, code.replace("_", " "))), count) for code, count in refused.items()]


def minted_rows(lately: Mapping[str, int]) -> list[Row]:
    """Return for what the mint gave out beans, with their numbers."""
    return [(str(MINTED.get(reason, reason.replace("_", " "))), count) for reason, count in lately.items()]


def idle_rows(idle: Mapping[int, int]) -> list[Row]:
    """Return the groups of copies by age in words, with their numbers."""
    starts = sorted(idle)
    rows = [
        (gettext("%(first)d to %(last)d days", first=first, last=after - 1), idle[first])
        for first, after in pairwise(starts)
    ]
    return [*rows, (gettext("%(first)d days or more", first=starts[-1]), idle[starts[-1]])]


def init_app(app: Flask) -> None:
    """Make the words available to templates."""
    app.jinja_env.filters.update(
        refused_rows=refused_rows,
        minted_rows=minted_rows,
        idle_rows=idle_rows,
        number=lambda value: "–" if value is None else format_decimal(round(value, 2)),
        percent=lambda value: "–" if value is None else format_percent(value),
    )
