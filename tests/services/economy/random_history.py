"""Histories of a small site, made by calling the services at random with the clock going on."""

import random

from sqlalchemy import select

from app.models.base import db
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.user import User
from app.rules.clock import HOUR
from app.rules.exchange.drift import UNDER_WAY, Way
from app.rules.refusal import Refusal
from app.services.account.pool import run_pool
from app.services.bean.pool import bring_back, put_to_sleep
from app.services.bean.transfers import reward_confirmation
from app.services.correction.undo import undo_step
from app.services.errors import NotFound
from app.services.exchange import drift
from app.services.exchange.deadlines import run_deadlines
from app.services.exchange.gift import bring_back_gift
from app.services.exchange.leaving import end_exchanges
from app.services.exchange.locking import lock_readers
from app.services.transaction import transaction
from tests.exchange import NOW, THURSDAY, book, copy_of, delivery, reader

READERS, STEPS = 6, 60
PRESSED = {
    "accept": lambda row, now: drift.accept_request(row.giver_id, row.id, now, THURSDAY),
    "reject": lambda row, now: drift.reject_request(row.giver_id, row.id, now),
    "redraw": lambda row, now: drift.redraw_request(row.asker_id, row.id, now),
    "mailed": lambda row, now: drift.confirm_mailed(row.giver_id, row.id, "SF1", now),
    "met": lambda row, now: drift.confirm_met(row.giver_id, row.id, now),
    "received": lambda row, now: drift.confirm_received(row.asker_id, row.id, now),
    "missing": lambda row, now: drift.report_missing(row.asker_id, row.id, now),
    "object": lambda row, now: drift.object_to(row.asker_id, row.id, now),
    "undo": lambda row, now: undo_step(row.giver_id, row.id, now),
}
NEXT = {"waiting": ["accept"] * 5 + ["reject", "redraw"], "accepted": ["mailed", "met"] * 4 + ["redraw"]}
LATER = ["received"] * 6 + ["missing", "object", "undo"]


class RandomHistory:
    """A history drawn with a seed; `now` is when it ends, in Unix seconds."""

    def __init__(self, seed: int) -> None:
        self.chance, self.now = random.Random(seed), NOW
        self.books = [book() for _ in range(3)]
        self.readers: list[int] = []

    def live(self) -> None:
        """Live through all steps."""
        for step in range(STEPS):
            self.now += self.chance.randrange(1, 14) * HOUR
            run_deadlines(self.now)
            if step % 9 == 0 and len(self.readers) < READERS:
                self.register()
            for action in (self.ask, self.answer, self.answer, self.sleep_or_leave):
                self.now += self.chance.randrange(1, 40) * 60
                self.try_to(action)

    def try_to(self, action, *arguments) -> None:
        try:
            action(*arguments)
        except (Refusal, NotFound):
            return

    def register(self) -> None:
        new = reader(beans=self.chance.choice((0, 0, 1)), create_time=self.now)
        _reward(new, self.now)
        self.readers.append(new)
        for _ in range(4):
            copy_of(new, self.chance.choice(self.books), self.now, self.chance.choice((Way.POST, Way.MEET)))

    def ask(self) -> None:
        db.session.rollback()
        copies = db.session.scalars(select(Gift).where(Gift.state == "open").order_by(Gift.id)).all()
        copy = self.chance.choice(copies) if copies else None
        if copy is not None:
            ways = Way(copy.ways)
            drift.request_book(self.chance.choice(self.readers), copy.id, delivery(ways, copy.id), "", self.now)

    def answer(self) -> None:
        db.session.rollback()
        rows = db.session.scalars(
            select(Drift).where(Drift.state.in_([*UNDER_WAY, "missing"])).order_by(Drift.id)
        ).all()
        hidden = db.session.scalars(select(Gift).where(Gift.state == "hidden")).all()
        for copy in hidden:
            self.try_to(bring_back_gift, copy.giver_id, copy.id, self.now)
        if rows:
            row = self.chance.choice(rows)
            action = self.chance.choice(NEXT.get(row.state, LATER))
            PRESSED[action](row, self.now)

    def sleep_or_leave(self) -> None:
        who, chance = self.chance.choice(self.readers), self.chance.random()
        if chance < 0.06:
            _sleep(who, self.now)
        elif chance < 0.3:
            _wake(who, self.now)
        elif chance < 0.4:
            run_pool(self.now)
        elif chance > 0.99 and len(self.readers) > 3:
            self.readers.remove(who)
            _leave(who, self.now)


@transaction
def _reward(who: int, now: int) -> None:
    reward_confirmation(who, now)


@transaction
def _sleep(who: int, now: int) -> None:
    lock_readers(who)
    beans = db.session.get_one(User, who, populate_existing=True).beans
    if beans and not db.session.get_one(User, who).asleep_beans:
        put_to_sleep({who: beans}, now)


@transaction
def _wake(who: int, now: int) -> None:
    lock_readers(who)
    bring_back(who, now)


@transaction
def _leave(who: int, now: int) -> None:
    bring_back(who, now)
    end_exchanges(who, now)
    db.session.get_one(User, who).delete()
