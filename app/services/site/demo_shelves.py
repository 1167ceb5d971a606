"""What readers of the demo do with the books that they have: keep, label, pass on, set free, bring to the basket."""

from random import Random

from sqlalchemy import Select, select

from app.models.base import db
from app.models.book import Book
from app.models.copy import Copy, CopyQuestion, Whereabouts
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.wish import Wish
from app.rules.clock import DAY
from app.rules.exchange.drift import DriftState
from app.rules.exchange.listing import Condition, WishState
from app.rules.shelf.asking import Answer
from app.rules.shelf.pasted import read_pasted
from app.rules.shelf.row import Intent
from app.services.basket.filling import fill_basket
from app.services.copy.keeping import keep_copy
from app.services.journey.freeing import set_free, take_over
from app.services.journey.lines import write_line
from app.services.journey.marks import make_marks, reserve_marks
from app.services.journey.stations import Consent, agree_at_receipt
from app.services.shelf.answering import choose_asking, keep_for_oneself
from app.services.shelf.asking import ask_all
from app.services.shelf.keeping import offer_copy
from app.services.shelf.my_shelf import list_to_pass_on
from app.services.site.demo_loans import try_to

SPOTS = ["公园南门的漂流书柜", "地铁站出口旁的长椅", "图书馆二楼窗边", "大学食堂门口的书架"]
LINES = [
    "地铁上读完的，一路没抬头。",
    "第三章让我想起外婆家的院子。",
    "读得很慢，舍不得读完。",
    "Read it on a night train.",
]
UNKNOWN = ["9787020000005", "9787532700004"]
"""Numbers that no catalogue need know."""
MISPRINTED = "978-7-5366-9293-1"
TITLES = "一九八四\n没有这样一本书\n我的帆布包里的那本"
BASKETS, BASKET, SHELF = 6, 8, 12
"""Readers with a basket, books in it, and on a private shelf."""


def bring_shelf(reader: int, books: list[int], chance: Random, now: int) -> None:
    """Put books on a reader's private shelf, some of which others wait for; print labels for a few."""
    waited = select(Wish.book_id).where(Wish.state == WishState.OPEN, Wish.user_id != reader).order_by(Wish.id.desc())
    wanted = db.session.scalars(waited.limit(SHELF // 4)).all()
    chosen = dict.fromkeys([*wanted, *chance.sample(books, min(SHELF, len(books)))])
    copies = [keep_copy(reader, book, now, chance.choice(list(Condition))) for book in list(chosen)[:SHELF]]
    make_marks(reader, copies[: SHELF // 3])
    if reader % 3:
        choose_asking(reader, True, now)
    else:
        reserve_marks(reader, SHELF, now)


def live_day(readers: list[int], chance: Random, now: int) -> None:
    """Let who has received a book say what is told of it, and some readers pass on what they have read."""
    _tell_of_receipts(now)
    for reader in chance.sample(readers, min(4, len(readers))):
        for copy in list_to_pass_on(reader, 2):
            try_to(offer_copy, reader, copy.id, now)


def live_month(readers: list[int], chance: Random, now: int) -> None:
    """Let holders be asked, and answer; let a copy be set free, and the one of before be found."""
    ask_all(now)
    for holder, copy in db.session.execute(_open_questions(now - 5 * DAY)).all():
        if chance.random() < 0.4:
            try_to(keep_for_oneself if copy % 2 else offer_copy, holder, copy, now)
    free = db.session.scalar(select(Copy.mark).where(Copy.state == Whereabouts.FREE).order_by(Copy.id).limit(1))
    if free and chance.random() < 0.6:
        try_to(take_over, chance.choice(readers), free, Consent(shows_area=True), now)
    unlisted = select(Copy.holder_id, Copy.id).outerjoin(Gift, Gift.copy_id == Copy.id)
    unlisted = unlisted.where(Copy.holder_id.in_(readers), Gift.id.is_(None)).order_by(Copy.since.desc(), Copy.id)
    for holder, copy in db.session.execute(unlisted.limit(1)).all():
        try_to(set_free, holder, copy, chance.choice(SPOTS), now)


def fill_baskets(readers: list[int], now: int) -> None:
    """Let some readers be in the middle of bringing their books: found, unknown, misprinted, and chosen for."""
    known = db.session.scalars(select(Book.isbn).where(Book.isbn.is_not(None)).order_by(Book.id.desc()))
    isbns = [isbn for isbn in known if isbn]
    for place, reader in enumerate(readers[:BASKETS]):
        mine = isbns[place::BASKETS][:BASKET]
        fill_basket(reader, read_pasted("\n".join([*mine[2:], MISPRINTED, *UNKNOWN])), now)
        fill_basket(reader, read_pasted("\n".join(mine[:1]), Intent.WISH), now)
        fill_basket(reader, read_pasted("\n".join(mine[1:2]), Intent.PRIVATE), now)
        fill_basket(reader, read_pasted(TITLES), now)


def _open_questions(before: int) -> Select[tuple[int, int]]:
    asked = CopyQuestion.answer == Answer.NONE, CopyQuestion.create_time < before
    return select(CopyQuestion.holder_id, CopyQuestion.copy_id).where(*asked).order_by(CopyQuestion.id)


def _tell_of_receipts(now: int) -> None:
    arrived = select(Drift.id, Drift.asker_id, Gift.copy_id).join(Gift, Gift.id == Drift.gift_id)
    arrived = arrived.where(Drift.state == DriftState.RECEIVED, Drift.state_time.between(now - 2 * DAY + 1, now - DAY))
    for drift, asker, copy in db.session.execute(arrived.order_by(Drift.id)).all():
        try_to(agree_at_receipt, asker, drift, Consent(shows_area=drift % 4 > 0, shows_name=drift % 4 > 1))
        if drift % 3 and (try_to(make_marks, asker, [copy]) or 0):
            mark = db.session.scalars(select(Copy.mark).where(Copy.id == copy)).one()
            try_to(write_line, mark, asker, LINES[drift % len(LINES)], now)
