"""Bringing many books at once: what lands in the basket, and what becomes of it."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from app.models.base import db
from app.models.basket import BasketLine
from app.models.copy import Copy
from app.models.gift import Gift
from app.models.outbox import Outbox
from app.models.user import User
from app.models.wish import Wish
from app.rules.exchange.drift import Way
from app.rules.exchange.listing import NEWCOMER_WISHES, Condition
from app.rules.exchange.refusals import TooManyWishes, WishedForThisBook
from app.rules.exchange.way import Terms
from app.rules.shelf.basket import MOST_LINES, LineState, Plan
from app.rules.shelf.pasted import read_pasted
from app.rules.shelf.refusals import BasketFull
from app.rules.shelf.row import Intent, ShelfRow
from app.services.basket import clearing
from app.services.basket.clearing import Choice, clear_basket, usual_terms
from app.services.basket.filling import Added, fill_basket
from app.services.basket.listing import show_basket
from app.services.copy.keeping import keep_copy
from tests.exchange import NOW, book, id_of, place, reader, wish_for
from tests.factories import isbn13

LISTS = Choice(Plan.LIST, Condition.GOOD)


def bring(reader_id, text, intent=Intent.NOTHING):
    return fill_basket(reader_id, read_pasted(text, intent), NOW)


def clear(reader_id, for_all=LISTS, **choices):
    db.session.rollback()
    chosen = {int(name.removeprefix("line_")): choice for name, choice in choices.items()}
    return clear_basket(db.session.get_one(User, reader_id), chosen, for_all, NOW)


def lines(reader_id):
    db.session.rollback()
    return list(db.session.scalars(select(BasketLine).where(BasketLine.reader_id == reader_id).order_by(BasketLine.id)))


def rows(model, **values):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model).filter_by(**values))


def test_of_a_hundred_lines_ninety_are_right_and_ten_say_what_is_wrong(app_context, monkeypatch):
    monkeypatch.setattr(clearing, "MOST_SECONDS", 300.0)
    books = [book() for _ in range(90)]
    wrong = [isbn[:-1] + str((int(isbn[-1]) + 1) % 10) for isbn in (isbn13(30_000_000 + n) for n in range(5))]
    unknown = [isbn13(31_000_000 + n) for n in range(5)]
    giver = reader(0)

    assert bring(giver, "\n".join([*books, *wrong, *unknown])) == Added(100, 0, 0, (*books, *ANY_KEYS, *unknown))
    shown = show_basket(giver, 1, 100)
    assert Counter(line.state for line in shown.lines.rows) == {"found": 90, "wrong": 5, "unknown": 5}
    reasons = Counter(line.line.reason for line in shown.lines.rows if not line.book)
    assert reasons == {"wrong_check_digit": 5, "not_known": 5}
    done = clear(giver)
    assert (done.done, done.refused, done.left) == ({Plan.LIST: 90, Plan.DROP: 0}, {}, 0)
    assert [line.state for line in lines(giver)] == ["wrong"] * 5 + ["unknown"] * 5


class _Anything:
    def __eq__(self, other):
        return isinstance(other, str) and len(other) == 32

    __hash__ = None


ANY_KEYS = [_Anything()] * 5


def test_a_list_that_is_brought_again_adds_nothing(app_context):
    giver, isbns = reader(0), [book(), book(), book()]
    text = "\n".join([*isbns, "978-7-5366-9293-9", isbn13(32_000_000)])

    assert bring(giver, text)[:3] == (5, 0, 0)
    assert bring(giver, text)[:3] == (0, 5, 0)
    clear(giver, Choice(Plan.PRIVATE))
    assert bring(giver, text)[:3] == (0, 2, 3)
    assert rows(Copy, holder_id=giver) == 3


def test_what_is_wished_for_is_not_brought_again_as_a_wish_but_as_a_book(app_context):
    isbn = book()
    asker = reader()
    wish_for(asker, isbn)

    assert bring(asker, isbn, Intent.WISH)[:3] == (0, 0, 1)
    assert bring(asker, isbn)[:3] == (1, 0, 0)


def test_nothing_is_given_away_that_was_not_chosen(app_context):
    giver = reader(0)
    bring(giver, f"{book()}\n{book()}", Intent.PRIVATE)
    bring(giver, f"{book()}\n{book()}")

    assert clear(giver, Choice()).done == {Plan.PRIVATE: 2, Plan.DROP: 0}
    assert rows(Gift, giver_id=giver) == 0
    assert len(lines(giver)) == 2


def test_each_line_is_listed_kept_wished_for_left_or_dropped_as_was_chosen(app_context):
    giver = reader(0)
    bring(giver, "\n".join(book() for _ in range(5)))
    ids = [line.id for line in lines(giver)]
    plans = (Plan.LIST, Plan.PRIVATE, Plan.WISH, Plan.LEAVE, Plan.DROP)
    chosen = {f"line_{id}": Choice(plan, Condition.WORN) for id, plan in zip(ids, plans, strict=True)}

    assert clear(giver, **chosen).done == {Plan.LIST: 1, Plan.PRIVATE: 1, Plan.WISH: 1, Plan.DROP: 1}
    assert [line.id for line in lines(giver)] == [ids[3]]
    assert rows(Copy, holder_id=giver, condition="worn") == 2
    assert (rows(Gift, giver_id=giver), rows(Wish, user_id=giver)) == (1, 1)


def test_a_line_that_is_refused_stays_with_its_reason_and_the_others_are_done(app_context):
    giver, wished = reader(0), book()
    wish_for(giver, wished)
    bring(giver, f"{book()}\n{wished}\n{book()}")
    refused = lines(giver)[1].id

    done = clear(giver)
    assert done.done[Plan.LIST] == 2
    assert {id: type(refusal) for id, refusal in done.refused.items()} == {refused: WishedForThisBook}
    assert [line.id for line in lines(giver)] == [refused]


def test_after_the_last_wish_that_is_allowed_the_others_are_refused_at_once(app_context, monkeypatch):
    asker = reader()
    bring(asker, "\n".join(book() for _ in range(NEWCOMER_WISHES + 3)))
    tried = []
    monkeypatch.setattr(clearing, "add_wish", lambda *args, add=clearing.add_wish: (tried.append(args), add(*args)))

    done = clear(asker, Choice(Plan.WISH))
    assert done.done[Plan.WISH] == NEWCOMER_WISHES
    assert [type(refusal) for refusal in done.refused.values()] == [TooManyWishes] * 3
    assert len(tried) == NEWCOMER_WISHES + 1


def test_a_basket_that_is_broken_off_goes_on_where_it_was(app_context, monkeypatch):
    giver = reader(0)
    bring(giver, "\n".join(book() for _ in range(6)))
    real, calls = clearing.add_listing, []

    def dies_in_the_middle(*args):
        calls.append(args)
        if len(calls) == 4:
            real(*args)
            raise SystemExit("killed")
        return real(*args)

    monkeypatch.setattr(clearing, "add_listing", dies_in_the_middle)
    with pytest.raises(SystemExit):
        clear(giver)
    assert (rows(Gift, giver_id=giver), len(lines(giver))) == (3, 3)
    monkeypatch.setattr(clearing, "add_listing", real)
    assert clear(giver, Choice()).done[Plan.LIST] == 3
    assert (rows(Gift, giver_id=giver), lines(giver)) == (6, [])


def test_what_takes_too_long_is_left_for_the_next_time(app_context, monkeypatch):
    giver = reader(0)
    bring(giver, "\n".join(book() for _ in range(3)))
    monkeypatch.setattr(clearing, "MOST_SECONDS", -1.0)
    assert (clear(giver).left, len(lines(giver))) == (3, 3)
    monkeypatch.undo()
    assert (clear(giver, Choice()).done[Plan.LIST], lines(giver)) == (3, [])


def test_a_basket_that_is_full_takes_nothing_and_says_so(app_context, monkeypatch):
    giver = reader(0)
    monkeypatch.setattr("app.rules.shelf.basket.MOST_LINES", 3)
    bring(giver, f"{book()}\n{book()}")
    with pytest.raises(BasketFull):
        bring(giver, f"{book()}\n{book()}")
    assert len(lines(giver)) == 2
    assert MOST_LINES == 2_000


def test_a_book_that_was_entered_by_hand_in_the_meantime_is_found(app_context):
    giver, isbn = reader(0), isbn13(33_000_000)
    bring(giver, isbn)
    assert [line.state for line in show_basket(giver, 1, 9).lines.rows] == ["unknown"]
    book(isbn=isbn)
    assert [line.state for line in show_basket(giver, 1, 9).lines.rows] == ["found"]
    assert clear(giver).done[Plan.LIST] == 1


def test_another_candidate_can_be_chosen_and_nothing_that_is_none(app_context):
    giver, first, other, foreign = reader(0), id_of(book()), id_of(book()), id_of(book())
    fill_basket(giver, [ShelfRow(1, title="海边")], NOW)
    with db.auto_commit():
        line = db.session.scalars(select(BasketLine)).one()
        line.set_attrs({"state": LineState.SEVERAL, "candidates": [first, other]})
    id = line.id

    assert clear(giver, **{f"line_{id}": Choice(Plan.LIST, None, foreign)}).done[Plan.LIST] == 0
    assert clear(giver, **{f"line_{id}": Choice(Plan.LIST, None, other)}).done[Plan.LIST] == 1
    assert rows(Gift, giver_id=giver, book_id=other) == 1


def test_the_page_says_how_many_others_wait_for_a_book(app_context):
    giver, isbn = reader(0), book()
    wish_for(reader(), isbn)
    wish_for(reader(), isbn)
    bring(giver, f"{isbn}\n{book()}")
    assert [line.waiting for line in show_basket(giver, 1, 9).lines.rows] == [0, 2]


def test_a_private_copy_that_is_there_is_not_kept_twice(app_context):
    giver, isbn = reader(0), book()
    bring(giver, isbn)
    keep_copy(giver, id_of(isbn), NOW)
    assert clear(giver, Choice(Plan.PRIVATE)).done[Plan.PRIVATE] == 1
    assert rows(Copy, holder_id=giver) == 1


def test_copies_are_handed_over_as_the_reader_usually_does(app_context):
    giver = reader(0)
    assert usual_terms(giver, Terms((Way.POST, Way.MEET), "at six"), None) == Terms((Way.POST, Way.MEET), "at six")
    assert usual_terms(giver, Terms(()), None).ways == (Way.POST,)
    place()
    assert usual_terms(giver, Terms((Way.MEET, Way.PLACE)), None) == Terms((Way.MEET,))


def test_without_catalogues_nothing_is_looked_up(app_context):
    giver = reader(0)
    bring(giver, isbn13(34_000_000))
    assert rows(Outbox, kind="basket.look") == 0
