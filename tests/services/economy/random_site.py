"""Sites of random rows: whatever can stand in the tables, in all states and at all ages."""

import random
from typing import Any

from sqlalchemy import insert

from app.models.base import DELETED, LIVE, db
from app.models.bean import BeanTransfer, RefusedAsk
from app.models.book import Book
from app.models.copy import Copy
from app.models.drift import Drift, DriftEvent
from app.models.gift import Gift
from app.models.user import User
from app.models.wish import Wish
from app.models.work import Work
from app.rules.bean.transfer import Reason, reader_account
from app.rules.clock import DAY
from app.rules.exchange.drift import Action, CopyState, DriftState, Role, Way
from app.rules.exchange.listing import WishState
from app.rules.exchange.wish_scope import WishScope
from tests.exchange import NOW
from tests.factories import isbn13

READERS, BOOKS, WORKS, GIFTS, WISHES, DRIFTS, TRANSFERS = 40, 12, 5, 80, 60, 120, 200


class RandomSite:
    """The rows of a site, drawn with a seed; times are within four hundred days before `NOW`."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.beans = dict.fromkeys(range(1, READERS + 1), 0)

    def store(self) -> None:
        """Store it."""
        transfers = [self._transfer(number) for number in range(1, TRANSFERS + 1)]
        with db.auto_commit():
            self._insert(Work, [{} for _ in range(WORKS)])
            self._insert(Book, [self._book(number) for number in range(1, BOOKS + 1)])
            self._insert(User, [self._reader(number) for number in self.beans])
            gifts = [self._gift() | {"copy_id": number} for number in range(1, GIFTS + 1)]
            self._insert(Copy, [{"book_id": gift["book_id"], "since": NOW} for gift in gifts])
            self._insert(Gift, gifts)
            self._insert(Wish, [self._wish() for _ in range(WISHES)])
            drifts = [self._drift() for _ in range(DRIFTS)]
            self._insert(Drift, drifts)
            self._insert(
                DriftEvent, [event for number, drift in enumerate(drifts, 1) for event in self._events(number, drift)]
            )
            self._insert(BeanTransfer, transfers)
            self._insert(RefusedAsk, self._refusals())

    def _insert(self, model: Any, rows: list[dict[str, Any]]) -> None:
        db.session.execute(
            insert(model), [{"id": id, "create_time": self._time()} | row for id, row in enumerate(rows, 1)]
        )

    def _time(self, days: int = 400) -> int:
        return NOW - self.chance.randrange(days * DAY)

    def _maybe(self, value: Any) -> Any:
        return self.chance.choice((None, value))

    def _some(self, enum: Any) -> Any:
        return self.chance.choice(list(enum))

    def _book(self, number: int) -> dict[str, Any]:
        return {
            "isbn": isbn13(number),
            "title": f"book {number}",
            "work_id": self.chance.randint(1, WORKS),
            "work_version": 1,
            "language": self.chance.choice(("zh", "en", "")),
        }

    def _reader(self, number: int) -> dict[str, Any]:
        words = {name: f"{name}{number}" for name in ("nickname", "nickname_folded", "email", "email_folded")}
        times = {name: self._maybe(self._time()) for name in ("confirmed_at", "last_seen")}
        status = DELETED if number % 9 == 0 else LIVE
        return (
            words
            | times
            | {"status": status, "beans": self.beans[number], "asleep_beans": number % 3 * (status == LIVE)}
        )

    def _gift(self) -> dict[str, Any]:
        sides = {"giver_id": self.chance.randint(1, READERS), "book_id": self.chance.randint(1, BOOKS)}
        return sides | {"state": self._some(CopyState)}

    def _wish(self) -> dict[str, Any]:
        sides = {"user_id": self.chance.randint(1, READERS), "book_id": self.chance.randint(1, BOOKS)}
        return sides | {"state": self._some(WishState), "scope": self._some(WishScope)}

    def _drift(self) -> dict[str, Any]:
        state, ended = self._some(DriftState), self._time(120)
        return {
            "create_time": ended - self.chance.randrange(150 * DAY),
            "gift_id": self.chance.randint(1, GIFTS),
            "book_id": 1,
            "asker_id": self.chance.randint(1, READERS),
            "giver_id": self.chance.randint(1, READERS),
            "way": self._some(Way),
            "state": state,
            "state_time": ended,
            "undo_until": NOW if self.chance.random() < 0.1 else None,
            "absent": self._maybe(Role.ASKER) if state is DriftState.EXPIRED else None,
            "beans": 1,
        }

    def _events(self, number: int, drift: dict[str, Any]) -> list[dict[str, Any]]:
        lasted = drift["state_time"] - drift["create_time"]
        return [
            {
                "drift_id": number,
                "action": self._some((Action.ASK, Action.ACCEPT, Action.REJECT, Action.RECEIVED, Action.LEAVE)),
                "actor": self._some(Role),
                "from_state": self._some(DriftState),
                "to_state": self._some((DriftState.ACCEPTED, DriftState.RECEIVED)),
                "create_time": drift["create_time"] + self.chance.randint(0, lasted),
            }
            for _ in range(self.chance.randrange(5))
        ]

    def _transfer(self, number: int) -> dict[str, Any]:
        """Move beans that are there, most of them from the mint; closed accounts have none."""
        asker, giver = (self.chance.choice([id for id in self.beans if id % 9]) for _ in range(2))
        amount, chance = self.chance.randint(1, 3), self.chance.random()
        source, target, reason = "mint", reader_account(giver), self._some((Reason.CONFIRMED, Reason.GRANTED))
        if chance < 0.3 and self.beans[asker] >= amount:
            source, target, reason = reader_account(asker), "escrow", Reason.ASKED
            self.beans[asker] -= amount
        elif chance < 0.4 and self.beans[asker] >= amount:
            source, target, reason = reader_account(asker), "mint", Reason.ACCOUNT_CLOSED
            self.beans[asker] -= amount
        elif chance < 0.45 and self.beans[asker] >= amount:
            source, target, reason = reader_account(asker), "pool", Reason.ASLEEP
            self.beans[asker] -= amount
        elif chance < 0.6:
            source, reason = "escrow", self._some((Reason.GIVEN, Reason.RETURNED, Reason.ARRIVED_LATE))
        if target == reader_account(giver):
            self.beans[giver] += amount
        drift = self._maybe(self.chance.randint(1, DRIFTS))
        return {
            "source": source,
            "target": target,
            "amount": amount,
            "reason": reason,
            "key": str(number),
            "drift_id": drift,
        }

    def _refusals(self) -> list[dict[str, Any]]:
        pairs = [(NOW // DAY - day, reason) for day in range(0, 120, 7) for reason in ("not_enough_beans", "own_gift")]
        return [{"day": day, "reason": reason, "count": self.chance.randint(1, 9)} for day, reason in pairs]
