"""Joining and splitting works by hand, and undoing it: a person's decision stays, whatever comes."""

from threading import Thread

import pytest
from sqlalchemy import func, select

from app.models import work as work_module
from app.models.base import db
from app.models.book import Book, BookChange
from app.models.work import Work
from app.rules.book.placing import Placing
from app.rules.book.refusals import NothingToSplit, OneWorkAlready, UndoneAlready, UnknownBook
from app.services.book import placing, works
from app.services.book.placing import join_editions, split_editions, undo_act
from app.services.book.work_log import list_acts
from app.services.book.works import place_outdated
from app.services.errors import NotFound
from app.services.imports.bulk_store import store_in_bulk
from tests.factories import BookFactory, isbn13
from tests.services.book.test_works import novel, works_of

HONGLOU = {"title": "红楼梦", "authors": ("曹雪芹",)}
SHITOU = {"title": "石头记", "authors": ("曹雪芹",)}


@pytest.fixture
def site(any_engine_app):
    with any_engine_app.app_context():
        yield any_engine_app


@pytest.fixture
def two_works(site):
    """Four editions of one book under two titles: 1 and 2 are a work, and so are 3 and 4."""
    store_in_bulk([novel(1, **HONGLOU), novel(2, **HONGLOU), novel(3, **SHITOU), novel(4, **SHITOU)])
    first, again, other, last = works_of(1, 2, 3, 4)
    assert first == again != other == last
    return first, other


def new_rules(monkeypatch):
    """Give the rules a new version with the same keys."""
    for module in (work_module, works, placing):
        monkeypatch.setattr(module, "VERSION", module.VERSION + 1)
    while place_outdated():
        pass


def last_act() -> int:
    return list_acts()[0].id


def test_joined_works_are_one_with_all_their_editions_and_the_index_hears_of_it(two_works):
    before = db.session.scalar(select(func.max(BookChange.id)))
    assert join_editions(isbn13(1), isbn13(3)) == two_works[0]

    assert {*works_of(1, 2, 3, 4)} == {two_works[0]}
    assert Work.find_by_id(two_works[1]).id == two_works[0], "the address of the other leads there"
    changed = set(db.session.scalars(select(BookChange.book_id).where(BookChange.id > before)))
    assert {Book.find_by_isbn(isbn13(number)).id for number in (3, 4)} <= changed


def test_an_edition_that_comes_later_comes_to_the_joined_work(two_works):
    join_editions(isbn13(1), isbn13(3))
    store_in_bulk([novel(5, **SHITOU), novel(6, **HONGLOU)])

    assert {*works_of(1, 2, 3, 4, 5, 6)} == {two_works[0]}


def test_a_join_stays_when_the_rules_change_and_when_everything_is_imported_again(two_works, monkeypatch):
    join_editions(isbn13(1), isbn13(3))
    new_rules(monkeypatch)
    store_in_bulk([novel(1, **HONGLOU, pages=9), novel(3, **SHITOU, pages=9), novel(5, **SHITOU)], corrects=True)

    assert len({*works_of(1, 2, 3, 4, 5)}) == 1


def test_a_split_stays_when_the_rules_change_and_when_everything_is_imported_again(two_works, monkeypatch):
    work = split_editions([isbn13(2)])
    new_rules(monkeypatch)
    store_in_bulk([novel(2, **HONGLOU, pages=9), novel(5, **HONGLOU)], corrects=True)

    assert works_of(2) == [work]
    assert {*works_of(1, 5)} == {two_works[0]}


def test_undoing_a_join_puts_all_editions_back_and_the_keys_too(two_works):
    join_editions(isbn13(1), isbn13(3))
    store_in_bulk([novel(5, **SHITOU)])
    undo_act(last_act())
    store_in_bulk([novel(6, **SHITOU), novel(7, **HONGLOU)])

    first, other = two_works
    assert works_of(1, 2, 7) == [first] * 3
    assert works_of(3, 4, 5, 6) == [other] * 4
    assert {*db.session.scalars(select(Book.placed_by))} == {Placing.RULES}


def test_undoing_a_join_holds_after_the_rules_have_changed(two_works, monkeypatch):
    join_editions(isbn13(1), isbn13(3))
    new_rules(monkeypatch)
    undo_act(last_act())
    store_in_bulk([novel(6, **SHITOU), novel(7, **HONGLOU)])

    assert works_of(1, 2, 7) == [two_works[0]] * 3
    assert works_of(3, 4, 6) == [two_works[1]] * 3


def test_undoing_a_split_puts_the_editions_back_and_their_address_leads_on(two_works):
    work = split_editions([isbn13(2)])
    undo_act(last_act())

    assert works_of(1, 2) == [two_works[0]] * 2
    assert Work.find_by_id(work).id == two_works[0]
    assert {*db.session.scalars(select(Book.placed_by))} == {Placing.RULES}


def test_what_was_split_off_can_be_joined_elsewhere_and_takes_nothing_along(two_works):
    split_editions([isbn13(2)])
    join_editions(isbn13(3), isbn13(2))
    store_in_bulk([novel(5, **HONGLOU)])

    assert {*works_of(2, 3, 4)} == {two_works[1]}
    assert {*works_of(1, 5)} == {two_works[0]}


def test_undoing_leaves_what_a_later_act_has_moved_elsewhere(two_works):
    join_editions(isbn13(1), isbn13(3))
    first = last_act()
    alone = split_editions([isbn13(4)])
    undo_act(first)

    assert works_of(4) == [alone]
    assert works_of(3) == [two_works[1]]


def test_acts_can_be_undone_in_any_order(two_works):
    store_in_bulk([novel(5, title="情僧录", authors=("曹雪芹",))])
    before = works_of(1, 2, 3, 4, 5)
    join_editions(isbn13(1), isbn13(3))
    join_editions(isbn13(5), isbn13(1))
    assert len({*works_of(1, 2, 3, 4, 5)}) == 1
    for act in reversed(list_acts()):
        undo_act(act.id)

    assert works_of(1, 2, 3, 4, 5) == before


def test_the_log_says_what_was_done_to_a_work_and_what_is_undone(two_works):
    join_editions(isbn13(1), isbn13(3))
    split_editions([isbn13(2)])
    undo_act(last_act())

    split, join = list_acts(two_works[0])
    assert (split.kind, split.editions, split.titles, split.nickname) == ("split", 1, ["红楼梦"], None)
    assert (join.kind, join.editions, set(join.titles)) == ("join", 3, {"红楼梦", "石头记"})
    assert split.undone_at
    assert join.undone_at is None
    store_in_bulk([novel(9, title="另一本书")])
    assert list_acts(works_of(9)[0]) == []


def test_what_makes_no_sense_is_refused_and_changes_nothing(two_works):
    before = works_of(1, 2, 3, 4)
    for action, refusal in (
        (lambda: join_editions(isbn13(1), isbn13(2)), OneWorkAlready),
        (lambda: join_editions(isbn13(1), isbn13(1)), OneWorkAlready),
        (lambda: join_editions(isbn13(1), isbn13(99)), UnknownBook),
        (lambda: join_editions("no number", isbn13(1)), UnknownBook),
        (lambda: split_editions([]), NothingToSplit),
        (lambda: split_editions([isbn13(1), isbn13(2)]), NothingToSplit),
        (lambda: split_editions([isbn13(1), isbn13(3)]), NothingToSplit),
        (lambda: undo_act(99), NotFound),
        (lambda: undo_act(2**63), NotFound),
    ):
        with pytest.raises(refusal):
            action()
    assert works_of(1, 2, 3, 4) == before
    assert list_acts() == []


def test_an_act_is_undone_once(two_works):
    join_editions(isbn13(1), isbn13(3))
    undo_act(last_act())

    with pytest.raises(UndoneAlready):
        undo_act(last_act())


def test_two_people_who_join_the_same_works_both_ways_at_once_join_them_once(site, two_works):
    def join(*numbers):
        with site.app_context():
            try:
                join_editions(*numbers)
                done.append(numbers)
            except OneWorkAlready:
                pass

    done: list[tuple[str, ...]] = []
    pairs = [(isbn13(1), isbn13(3)), (isbn13(4), isbn13(2))] * 2
    threads = [Thread(target=join, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    db.session.rollback()

    assert len(done) == 1
    assert len({*works_of(1, 2, 3, 4)}) == 1


def test_undoing_a_join_leaves_the_keys_alone_that_a_split_off_edition_shares(site):
    said = {**HONGLOU, "work_key": "OL1W"}
    store_in_bulk([novel(1, **said), novel(2, **said)])
    work = works_of(1)[0]
    alone = split_editions([isbn13(2)])
    join_editions(isbn13(1), isbn13(2))
    undo_act(last_act())
    store_in_bulk([novel(5, **said)])

    assert works_of(1, 2, 5) == [work, alone, work]


def test_what_two_joins_hold_together_stays_when_one_is_undone_and_the_rules_change(two_works, monkeypatch):
    store_in_bulk([novel(5, title="情僧录", authors=("曹雪芹",))])
    join_editions(isbn13(1), isbn13(3))
    first = last_act()
    join_editions(isbn13(5), isbn13(1))
    undo_act(first)
    new_rules(monkeypatch)

    assert len({*works_of(1, 2, 5)}) == 1
    assert works_of(3, 4) == [two_works[1]] * 2


def test_hidden_editions_are_none_that_would_stay(two_works):
    with db.auto_commit():
        Book.find_by_isbn(isbn13(1)).delete()

    with pytest.raises(NothingToSplit):
        split_editions([isbn13(2)])


def test_undoing_a_join_leaves_a_book_that_no_rule_knows_in_its_work(site):
    with db.auto_commit():
        first = BookFactory(isbn=None, title="无名手稿", authors=[])
        other = BookFactory(title="石头记", authors=["曹雪芹"])
    works = first.work_id, other.work_id
    join_editions(first.number, other.number)
    undo_act(last_act())

    assert (first.work_id, other.work_id) == works
