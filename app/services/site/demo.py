"""The demo: a site with a year of exchanges, made by calling the services with past times; the same on each run."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, func, select

from app.models.base import db
from app.models.book import Book
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.outbox import Outbox
from app.models.user import User
from app.models.wish import Wish
from app.rules.clock import DAY, HOUR, MINUTE
from app.rules.correction.cancelling import Cancelling, CancelReason
from app.rules.exchange.drift import ON_LOAN, UNDER_WAY, CopyState, DriftState, Way
from app.rules.exchange.listing import Condition
from app.rules.exchange.thread import Phrase
from app.rules.refusal import Refusal
from app.services.account.away import go_away
from app.services.account.password import hash_password
from app.services.bean.transfers import reward_confirmation
from app.services.book.entry import Entry, enter_book
from app.services.circle.letters import CIRCLE_MAIL
from app.services.correction.cancel import cancel_promise
from app.services.correction.undo import undo_step
from app.services.delivery.hand_over import find_code
from app.services.delivery.thread import Draft
from app.services.economy.days import keep_report
from app.services.economy.refused import count_refused_ask
from app.services.exchange import drift as drifts
from app.services.exchange.deadlines import run_deadlines
from app.services.exchange.gift import bring_back_gift, offer_gift, withdraw_gift
from app.services.exchange.mails import EXCHANGE_MAIL
from app.services.exchange.wish import find_open_wish, wish_for_book, withdraw_wish
from app.services.shelf.asking import WANTED_MAIL
from app.services.site.demo_circles import DemoCircles
from app.services.site.demo_loans import borrow, try_to
from app.services.site.demo_shelves import bring_shelf, fill_baskets, live_day, live_month
from app.services.site.demo_silence import MONTH, end_month
from app.services.site.demo_ways import AREAS, add_places, delivery_of, terms_of, time_of
from app.services.transaction import transaction

PASSWORD = "fisher-demo-2026"  # noqa: S105 - made-up readers have nothing to hide
SEED = 20260101
FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
GIVEN = ["小鱼", "听雨", "青山", "南风", "晚舟", "知秋", "行远", "云深", "若水", "清欢", "半夏", "流萤"]
OLD_BOOKS = (
    Entry(title="小灵通漫游未来", authors="叶永烈", publisher="少年儿童出版社", year=1978),
    Entry(title="小布头奇遇记", authors="孙幼军", publisher="中国少年儿童出版社", year=1961),
    Entry(title="宝葫芦的秘密", authors="张天翼", publisher="中国少年儿童出版社", year=1958),
    Entry(title="林海雪原", authors="曲波", publisher="作家出版社", year=1957),
)
"""Without an ISBN, which China has used since 1987."""
NOTES = ["", "", "", "有少量划线", "书脊略有磨损", "附书签一枚", "读过一遍，很喜欢", "Second printing"]
TRAVELS = ["回老家过年", "", "出差，下月回来", "Hiking, no post office in sight"]


@dataclass(frozen=True)
class Size:
    """The size of the demo: numbers of readers, of gifts and wishes together, of drifts and of days."""

    readers: int = 200
    lists: int = 1500
    drifts: int = 400
    days: int = 365


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What the demo contains."""

    readers: int
    gifts: int
    wishes: int
    drifts: dict[str, int]


class Life:
    """Simulates the days of the demo, one after the other."""

    def __init__(self, size: Size, end: int) -> None:
        self.chance = random.Random(SEED)  # noqa: S311 - no secret
        self.size, self.now = size, end - size.days * DAY
        self.books = list(db.session.scalars(select(Book.id).order_by(Book.id)))
        self.readers: list[int] = []
        self.silent: list[int] = []
        self.places = add_places()
        self.circles = DemoCircles(size.readers, size.days, SEED)
        self.password_hash = hash_password(PASSWORD)

    def live(self) -> None:
        """Simulate all days."""
        for day in range(self.size.days):
            self.register(day)
            if day == 0:
                self.enter_old_books()
            if day % 4 == 2:
                bring_shelf(self.readers[(day // 4) % len(self.readers)], self.books, self.chance, self.now)
            self.circles.live_day(day, self.readers, self.now)
            for _ in range(self.share(self.size.lists, day)):
                self.list_something()
            self.answer()
            live_day(self.readers, self.chance, self.now + 22 * HOUR)
            for _ in range(self.share(self.size.drifts, day, first=10)):
                self.ask()
            if day % 9 == 0:
                self.travel(day)
            self.now += DAY
            run_deadlines(self.now)
            if day % MONTH == MONTH - 1:
                end_month(self.readers, self.silent, self.chance, self.now)
            if (self.size.days - day) % 28 == 1:
                live_month(self.readers, self.chance, self.now)
            if (self.size.days - day) % 7 == 1:
                keep_report(self.now)
        fill_baskets(sorted(self.readers + self.silent), self.now)
        self.circles.finish(self.readers, self.books, self.now)
        run_deadlines(self.now)

    def enter_old_books(self) -> None:
        """Let a reader enter the books that no catalogue has."""
        reader = db.session.get_one(User, self.readers[0])
        self.books += [enter_book(reader, entry).book.id for entry in OLD_BOOKS]

    def share(self, total: int, day: int, first: int = 0) -> int:
        """Return the share of a total that falls on this day, spread evenly from the day `first` on."""
        days = self.size.days - first
        place = day - first
        return 0 if place < 0 else total * (place + 1) // days - total * place // days

    def register(self, day: int) -> None:
        """Let the readers of this day register; most of them come early."""
        wanted = min(self.size.readers, 12 + self.size.readers * (day + 1) * 2 // self.size.days)
        while (number := len(self.readers) + len(self.silent) + 1) <= wanted:
            name = self.chance.choice(FAMILY) + self.chance.choice(GIVEN) + str(number)
            self.readers.append(_register(number, name, self.password_hash, self.now))

    def list_something(self) -> None:
        """Let a reader list a copy or make a wish, and now and then withdraw one."""
        reader, book, chance = self.chance.choice(self.readers), self.chance.choice(self.books), self.chance.random()
        time = self.now + self.chance.randrange(20 * HOUR)
        if chance < 0.62:
            condition, note = self.chance.choice(list(Condition)), self.chance.choice(NOTES)
            terms = self.circles.terms_for(reader, terms_of(reader, self.places))
            try_to(offer_gift, reader, book, condition, note, None, time, terms)
        else:
            try_to(wish_for_book, reader, book, time)
        if chance < 0.02:
            own = select(Gift.id).where(Gift.giver_id == reader, Gift.state == CopyState.OPEN)
            for gift in db.session.scalars(own.limit(1)).all():
                try_to(withdraw_gift, reader, gift, time)
        if chance > 0.98:
            try_to(withdraw_wish, reader, find_open_wish(reader, book) or 0, time)

    def ask(self) -> None:
        """Let a reader who may ask for a copy do so; a copy on offer to a reader is asked for by that reader."""
        copies = list(db.session.execute(select(Gift.id, Gift.offered_to).where(Gift.state == CopyState.OPEN)))
        for tries in range(40 if copies else 0):
            gift, kept_for = self.chance.choice(copies)
            asker = kept_for or self.circles.find_asker(gift) or self.chance.choice(self.readers)
            time = self.now + self.chance.randrange(20 * HOUR)
            note = self.chance.choice(["", "想读很久了，谢谢！", "会好好爱护它。"])
            if (refusal := self.ask_for(gift, asker, note, time)) is None:
                return
            if tries == 0:
                count_refused_ask(refusal.code, time)

    def ask_for(self, gift: int, asker: int, note: str, time: int) -> Refusal | None:
        """Ask for a copy, and return why that is refused, if it is."""
        try:
            ways = db.session.get_one(Gift, gift).terms.ways
            drifts.request_book(asker, gift, delivery_of(asker, gift, ways), note, time)
        except Refusal as refusal:
            return refusal
        return None

    def travel(self, day: int) -> None:
        """Let a reader be away for one to four weeks."""
        back = datetime.fromtimestamp(self.now + self.chance.randrange(8, 29) * DAY, UTC).date()
        words = TRAVELS[day % len(TRAVELS)]
        try_to(go_away, self.chance.choice(self.readers), back, words, self.now + 20 * HOUR)

    def answer(self) -> None:
        """Let the two sides of each drift under way act, or stay silent."""
        rows = db.session.scalars(select(Drift).where(Drift.state.in_(UNDER_WAY)).order_by(Drift.id))
        under_way = [
            (row.id, row.way, DriftState(row.state), row.asker_id, row.giver_id, row.state_time) for row in rows
        ]
        for drift, way, state, asker, giver, since in under_way:
            age = (self.now - since) // DAY
            if state is DriftState.ACCEPTED and drift % 3 == 0 and age == 0:
                self.talk(drift, Way(way), asker, giver)
            if state is DriftState.ACCEPTED and drift % 13 == 0:
                self.cancel(drift, giver)
            if state in ON_LOAN:
                borrow(drift, state, asker, giver, age, self.chance.random(), self.now + 21 * HOUR)
            elif way == Way.MEET and state is not DriftState.WAITING:
                self.meet(drift, state, asker, giver, age)
            else:
                self.step(drift, way, state, asker, giver, age)
        hidden = select(Gift.id, Gift.giver_id).where(Gift.state == CopyState.HIDDEN)
        for gift, owner in db.session.execute(hidden).all():
            if self.chance.random() < 0.15:
                try_to(bring_back_gift, owner, gift, self.now + 21 * HOUR)

    def talk(self, drift: int, way: Way, asker: int, giver: int) -> None:
        """Let the giver write a quick phrase, and the asker answer."""
        phrase = Phrase.WHERE if way is Way.MEET else Phrase.AGREED
        try_to(drifts.write_message, giver, drift, Draft(phrase=phrase), self.now)
        answer = Draft(time_of(asker)) if way is Way.MEET else Draft(phrase=Phrase.THANKS)
        try_to(drifts.write_message, asker, drift, answer, self.now + HOUR)

    def cancel(self, drift: int, giver: int) -> None:
        """Let a giver cancel a promise, and now and then take that back."""
        reason = self.chance.choice(list(CancelReason))
        try_to(cancel_promise, giver, drift, Cancelling(reason), self.now)
        if self.chance.random() < 0.3:
            try_to(undo_step, giver, drift, self.now + MINUTE)

    def step(self, drift: int, way: str, state: DriftState, asker: int, giver: int, age: int) -> None:
        """Advance one drift: most givers are quick, most books arrive, a few get lost."""
        chance, time = self.chance.random(), self.now + 21 * HOUR
        lost_for = 2 if way == Way.PLACE else 15
        if drift % 23 == 0 or (drift % 17 == 0 and state is DriftState.MAILED and age < lost_for):
            return  # a silent giver, or a lost book
        if state is DriftState.WAITING and chance < 0.5:
            if chance < 0.05:
                try_to(drifts.reject_request, giver, drift, time)
            else:
                try_to(drifts.accept_request, giver, drift, time, time_of(giver))
        elif state is not DriftState.MAILED and chance > 0.97:
            try_to(drifts.redraw_request, asker, drift, time)
        elif state is DriftState.ACCEPTED and chance < 0.4 and way == Way.PLACE:
            try_to(drifts.confirm_left, giver, drift, time)
        elif state is DriftState.ACCEPTED and chance < 0.4:
            try_to(drifts.confirm_mailed, giver, drift, f"SF{drift:012}" if chance < 0.2 else "", time)
        elif state is DriftState.MAILED and drift % 17 == 0:
            try_to(drifts.report_missing, asker, drift, time)
        elif state is DriftState.MAILED and age > 1 and chance < 0.35:
            try_to(drifts.confirm_received, asker, drift, time)

    def meet(self, drift: int, state: DriftState, asker: int, giver: int, age: int) -> None:
        """Advance one drift whose sides meet: most do so within a few days, and some forget about it."""
        chance, time = self.chance.random(), self.now + 21 * HOUR
        if drift % 19 == 0:
            return
        if state in (DriftState.NO_ASKER, DriftState.NO_GIVER):
            self.answer_absence(drift, state, asker, giver)
        elif age > 1 and drift % 7 == 0:
            try_to(drifts.report_absent, asker if drift % 2 else giver, drift, time)
        elif state is DriftState.MAILED:
            try_to(drifts.object_to if drift % 17 == 0 else drifts.confirm_received, asker, drift, time)
        elif age > 1 and chance < 0.3:
            try_to(drifts.hand_over, giver, drift, find_code(drift), time)
        elif age > 1 and chance < 0.4:
            try_to(drifts.confirm_met, giver, drift, time)
        elif age > 1 and chance < 0.6:
            try_to(drifts.confirm_received, asker, drift, time)

    def answer_absence(self, drift: int, state: DriftState, asker: int, giver: int) -> None:
        """Let the side that is said not to have come meet the other after all, or say nothing."""
        if state is DriftState.NO_GIVER and drift % 3 == 0:
            try_to(drifts.hand_over, giver, drift, find_code(drift), self.now + 21 * HOUR)
        elif drift % 3 == 1:
            try_to(drifts.object_to, asker if state is DriftState.NO_ASKER else giver, drift, self.now + 21 * HOUR)


@transaction
def _register(number: int, name: str, password_hash: str, now: int) -> int:
    email = f"reader{number}@example.org"
    user = User(nickname=name, email=email, password_hash=password_hash, confirmed_at=now, create_time=now)
    user.area = AREAS[number % len(AREAS)]
    db.session.add(user)
    db.session.flush()
    reward_confirmation(user.id, now)
    return user.id


@transaction
def _drop_letters() -> None:
    db.session.execute(delete(Outbox).where(Outbox.kind.in_((EXCHANGE_MAIL, WANTED_MAIL, CIRCLE_MAIL))))


def fill_demo(size: Size, end: int) -> Filled | None:
    """Fill a site that has books but no readers with exchanges up to `end` (Unix seconds).

    Returns None, and does nothing, when there are readers or no books. No mails are sent.
    """
    if db.session.scalar(select(func.count(User.id))) or not db.session.scalar(select(func.count(Book.id))):
        return None
    Life(size, end).live()
    _drop_letters()
    states = select(Drift.state, func.count(Drift.id)).group_by(Drift.state).order_by(Drift.state)
    readers, gifts, wishes = (db.session.scalar(select(func.count(model.id))) or 0 for model in (User, Gift, Wish))
    drifts_by_state = {state: count for state, count in db.session.execute(states)}  # noqa: C416 - rows are no tuples
    return Filled(readers=readers, gifts=gifts, wishes=wishes, drifts=drifts_by_state)
