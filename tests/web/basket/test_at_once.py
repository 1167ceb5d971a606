"""A basket that is sent by several processes at once: each of its books is done once, on both databases."""

from functools import partial

from sqlalchemy import select

from app.models.base import db
from app.models.basket import BasketLine
from app.models.copy import Copy
from app.models.gift import Gift
from app.models.wish import Wish
from app.rules.shelf.pasted import read_pasted
from app.services.basket.filling import fill_basket
from tests.exchange import NOW, assert_audit_is_clean, book, id_of, reader
from tests.processes import in_processes
from tests.web.readers import logged_in

EACH, TWICE = 4, 2
"""Books that are listed, kept and wished for; how often the basket is sent."""
BASKET, ADD = "/my/books/basket", "/my/books/add"


def send(client, path, **fields):
    answer = client.post(path, data=fields)
    assert answer.status_code == 303, (answer.status_code, answer.text)


def test_a_basket_sent_twice_at_once_does_everything_once(any_engine_app):
    any_engine_app.config["WTF_CSRF_ENABLED"] = False
    for _ in range(3):
        owner, isbns = reader(0), [book() for _ in range(3 * EACH)]
        fill_basket(owner, read_pasted("\n".join(isbns)), NOW)
        mine = select(BasketLine.id).where(BasketLine.reader_id == owner).order_by(BasketLine.id)
        plans = [plan for plan in ("list", "private", "wish") for _ in range(EACH)]
        chosen = {f"plan-{id}": plan for id, plan in zip(db.session.scalars(mine), plans, strict=True)}
        sends = [partial(send, logged_in(any_engine_app, owner), BASKET, **chosen) for _ in range(TWICE)]

        assert in_processes(sends) == [0] * TWICE
        ids = [id_of(isbn) for isbn in isbns]
        assert books_of(Gift.book_id, Gift.giver_id == owner) == ids[:EACH]
        assert books_of(Copy.book_id, Copy.holder_id == owner) == ids[: 2 * EACH]
        assert books_of(Wish.book_id, Wish.user_id == owner) == ids[2 * EACH :]
        assert db.session.scalars(mine).all() == []
    assert_audit_is_clean()


def test_a_list_brought_while_a_basket_is_sent_loses_nothing(any_engine_app):
    any_engine_app.config["WTF_CSRF_ENABLED"] = False
    owner, isbns = reader(0), [book() for _ in range(3 * EACH)]
    fill_basket(owner, read_pasted("\n".join(isbns[: 2 * EACH])), NOW)
    lists = partial(send, logged_in(any_engine_app, owner), BASKET, plan="list", condition="good")
    brings = partial(send, logged_in(any_engine_app, owner), ADD, text="\n".join(isbns[EACH:]))

    assert in_processes([lists, brings] * TWICE) == [0] * 2 * TWICE
    lists()
    db.session.rollback()
    assert books_of(Gift.book_id, Gift.giver_id == owner) == [id_of(isbn) for isbn in isbns]
    assert_audit_is_clean()


def books_of(column, *which):
    db.session.rollback()
    return sorted(db.session.scalars(select(column).where(*which)))
