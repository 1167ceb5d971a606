"""The sections of a reader's export about gifts, wishes, drifts, addresses and beans."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, or_, select

from app.models.base import db, now
from app.models.basket import BasketLine, BroughtRow
from app.models.bean import BeanTransfer
from app.models.book import Book
from app.models.copy import Copy, CopyQuestion
from app.models.drift import Drift, role_of
from app.models.gift import Gift
from app.models.message import Message
from app.models.user import User
from app.models.wish import Wish
from app.rules.bean.transfer import reader_account
from app.rules.book.local_number import number_of
from app.rules.clock import iso_time
from app.rules.exchange.drift import Way
from app.services.delivery.hand_over import find_code
from app.services.delivery.meeting import unseal_proposals
from app.services.delivery.places import find_place, list_places_of
from app.services.delivery.postal_address import find_address, find_text, is_erased, list_addresses
from app.services.delivery.thread import end_of

Row = TypeVar("Row", Gift, Copy, Wish, Drift)


def export_gifts(user: User) -> list[dict[str, Any]]:
    """Return what the reader has listed."""
    rows = _with_number(Gift, Gift.giver_id == user.id)
    names = ("state", "condition", "note", "meeting_words", "lend_days", "goes_on")
    return [
        number
        | {name: getattr(row, name) for name in names}
        | {"ways": row.ways.split(), "places": _places(row)}
        | {"listed_at": iso_time(row.create_time)}
        for row, number in rows
    ]


def _places(gift: Gift) -> list[str]:
    return [place.name for place in list_places_of(gift.id)] if Way.PLACE in gift.terms.ways else []


def export_copies(user: User) -> list[dict[str, Any]]:
    """Return the copies on the reader's shelf, listed or not."""
    return [
        number
        | {"condition": row.condition, "mark": row.mark}
        | {"added_at": iso_time(row.create_time), "held_since": iso_time(row.since)}
        for row, number in _with_number(Copy, Copy.holder_id == user.id)
    ]


def export_questions(user: User) -> list[dict[str, Any]]:
    """Return for which copies the reader was asked in private, and what they said; not for whom, which nobody tells."""
    books = Book.__table__.c
    rows = select(CopyQuestion, Copy.book_id, books.isbn).join(Copy, Copy.id == CopyQuestion.copy_id)
    rows = rows.join(Book.__table__, books.id == Copy.book_id).where(CopyQuestion.holder_id == user.id)
    return [
        {"isbn": isbn or "", "number": number_of(isbn, book_id)}
        | {"answer": question.answer, "asked_at": iso_time(question.create_time)}
        for question, book_id, isbn in db.session.execute(rows.order_by(CopyQuestion.id)).tuples()
    ]


def export_basket(user: User) -> list[dict[str, Any]]:
    """Return the lines of the reader's basket."""
    mine = select(BasketLine).where(BasketLine.reader_id == user.id).order_by(BasketLine.id)
    names = ("isbn", "said", "title", "authors", "year", "state", "reason", "intent", "condition")
    return [
        {name: getattr(line, name) for name in names} | {"added_at": iso_time(line.create_time)}
        for line in db.session.scalars(mine)
    ]


def export_brought(user: User) -> list[dict[str, Any]]:
    """Return the rows of the lists that the reader has brought, as they are kept for the report."""
    mine = select(BroughtRow).where(BroughtRow.reader_id == user.id).order_by(BroughtRow.id)
    names = ("number", "isbn", "said", "title", "authors", "done")
    return [
        {name: getattr(row, name) for name in names} | {"brought_at": iso_time(row.create_time)}
        for row in db.session.scalars(mine)
    ]


def export_wishes(user: User) -> list[dict[str, Any]]:
    """Return the reader's wishes."""
    rows = _with_number(Wish, Wish.user_id == user.id)
    return [number | {"state": row.state, "wished_at": iso_time(row.create_time)} for row, number in rows]


def export_drifts(user: User) -> list[dict[str, Any]]:
    """Return the reader's drifts; the address only if the reader is the asker, whose address it is."""
    mine = or_(Drift.asker_id == user.id, Drift.giver_id == user.id)
    return [_drift(row, number, user.id) for row, number in _with_number(Drift, mine)]


def _with_number(table: type[Row], is_mine: ColumnElement[bool]) -> Iterable[tuple[Row, dict[str, Any]]]:
    """Select a reader's rows in order, each with the ISBN of its book and with its number on this site."""
    books = Book.__table__.c  # the table, not the class, so that rows of hidden books are exported too
    rows = select(table, books.isbn).join(Book.__table__, books.id == table.book_id)
    found = db.session.execute(rows.where(is_mine).order_by(table.id)).tuples()
    return [(row, {"isbn": isbn or "", "number": number_of(isbn, row.book_id)}) for row, isbn in found]


def _drift(row: Drift, number: dict[str, Any], reader_id: int) -> dict[str, Any]:
    is_asker = row.asker_id == reader_id
    time = now()
    is_shown = not is_erased(row, time)
    address = find_address(row, reader_id, time) if is_asker else None
    return number | {
        "exchange": row.id,
        "role": role_of(row, reader_id),
        "way": row.way,
        "state": row.state,
        "beans": row.beans,
        "lend_days": row.lend_days,
        "lent_until": iso_time(row.lent_until) if row.lent_until else None,
        "hands_on": row.loan_id,
        "asked_at": iso_time(row.create_time),
        "changed_at": iso_time(row.state_time),
        "address": asdict(address) if address else None,
        "proposals": unseal_proposals(row.proposals) if is_asker and is_shown else (),
        "meeting": find_text(row.meeting) if is_shown else None,
        "place": place.name if is_shown and (place := find_place(row)) else None,
        "hand_over_code": find_code(row.id) if is_asker and row.way == Way.MEET else None,
        "tracking": row.tracking if is_shown else None,
        "cancel_reason": row.cancel_reason,
        "cancel_words": find_text(row.cancel_words) if is_shown else None,
    }


def export_messages(user: User) -> list[dict[str, Any]]:
    """Return what the reader wrote to others in exchanges, as long as it is kept, even if it is hidden."""
    mine = select(Message, Drift).join(Drift, Drift.id == Message.drift_id).where(Message.author_id == user.id)
    return [
        {
            "exchange": drift.id,
            "words": find_text(message.sealed),
            "is_phrase": message.is_phrase,
            "written_at": iso_time(message.create_time),
        }
        for message, drift in db.session.execute(mine.order_by(Message.id)).tuples()
        if (end := end_of(drift, message)) is None or now() < end
    ]


def export_addresses(user: User) -> list[dict[str, Any]]:
    """Return the addresses that the reader has saved."""
    return [asdict(address) for _, address in list_addresses(user.id)]


def export_beans(user: User) -> list[dict[str, Any]]:
    """Return the reader's movements of beans."""
    account = reader_account(user.id)
    mine = or_(BeanTransfer.source == account, BeanTransfer.target == account)
    return [
        {
            "beans": row.amount if row.target == account else -row.amount,
            "reason": row.reason,
            "moved_at": iso_time(row.create_time),
        }
        for row in db.session.scalars(select(BeanTransfer).where(mine).order_by(BeanTransfer.id))
    ]
