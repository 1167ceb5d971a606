"""Beans: what they are paid and earned for, and between which accounts they move.

A bean never appears or disappears: every movement takes it from one account and puts it into
another. Four kinds of account exist: one for each reader, ``escrow`` for beans held while a book
is under way, ``mint``, from which rewards come and into which the beans of closed accounts go, and
``pool``, where the beans of silent readers sleep.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.rules.bean.economy import IN_FORCE, Economy

PRICE_OF_A_REQUEST = IN_FORCE.price
"""Beans an asker pays for one book."""

LONGEST_GRANT_KEY = 70
"""Most characters of a grant's key; the column has room for ten more."""

ESCROW = "escrow"
MINT = "mint"
POOL = "pool"


class BeanMove(StrEnum):
    """What a transition of a drift does with the beans that the asker paid."""

    HOLD = "hold"
    """asker → escrow"""
    RETURN = "return"
    """escrow → asker"""
    PAY = "pay"
    """escrow → giver"""
    HOLD_LATE = "hold_late"
    """asker → escrow, when a book reported missing arrives after all"""
    PAY_LATE = "pay_late"
    """escrow → giver, for such a book"""


class Reason(StrEnum):
    """Why beans moved, as shown in a reader's ledger."""

    ASKED = "asked"
    RETURNED = "returned"
    GIVEN = "given"
    ARRIVED_LATE = "arrived_late"
    CONFIRMED = "confirmed"
    FIRST_BOOK = "first_book"
    GRANTED = "granted"
    ACCOUNT_CLOSED = "account_closed"
    MADE_WHOLE = "made_whole"
    FIRST_REQUEST = "first_request"
    ASLEEP = "asleep"
    AWAKE = "awake"
    FROM_POOL = "from_pool"
    INSURED = "insured"
    COVERED = "covered"
    REDRESSED = "redressed"


@dataclass(frozen=True, slots=True)
class Transfer:
    """One movement: a positive number of beans from ``source`` to ``target``.

    ``key`` identifies the event: transfers of the same event share it, and only one of them can be stored.
    """

    source: str
    target: str
    amount: int
    reason: Reason
    key: str


def reader_account(reader_id: int) -> str:
    """Return the name of the account of a reader."""
    return f"reader:{reader_id}"


def reader_of(account: str) -> int | None:
    """Return the id of the reader who owns an account, None for the accounts of the site."""
    number = account.removeprefix("reader:")
    return None if number == account else int(number)


def transfer_for(move: BeanMove, drift_id: int, amount: int, *, asker: str, giver: str) -> Transfer:
    """Return the transfer that a transition of a drift makes.

    ``asker`` and ``giver`` are accounts; the giver's is ``mint`` when that reader has left. Returning
    beans and paying them out share one key, so that what is held is released only once.
    """
    source, target, reason, event = {
        BeanMove.HOLD: (asker, ESCROW, Reason.ASKED, "hold"),
        BeanMove.RETURN: (ESCROW, asker, Reason.RETURNED, "release"),
        BeanMove.PAY: (ESCROW, giver, Reason.GIVEN, "release"),
        BeanMove.HOLD_LATE: (asker, ESCROW, Reason.ARRIVED_LATE, "late"),
        BeanMove.PAY_LATE: (ESCROW, giver, Reason.ARRIVED_LATE, "late-release"),
    }[move]
    return Transfer(source, target, amount, reason, f"drift:{drift_id}:{event}")


def confirmation_reward(reader_id: int, economy: Economy = IN_FORCE) -> Transfer:
    """Return the transfer for a confirmed e-mail address."""
    return _reward(reader_id, economy.for_confirming, Reason.CONFIRMED, "confirmed")


def first_request_reward(reader_id: int, economy: Economy = IN_FORCE) -> Transfer:
    """Return the transfer for a giver's first copy that is asked for."""
    return _reward(reader_id, economy.for_first_request, Reason.FIRST_REQUEST, "first-request")


def first_book_reward(reader_id: int, economy: Economy = IN_FORCE) -> Transfer:
    """Return the transfer for a giver's first book that arrives."""
    return _reward(reader_id, economy.for_first_book, Reason.FIRST_BOOK, "first-book")


def grant(reader_id: int, amount: int, key: str) -> Transfer:
    """Return the transfer for beans granted by an operator; ``key`` makes it unique."""
    return Transfer(MINT, reader_account(reader_id), amount, Reason.GRANTED, f"grant:{key}")


def closing(reader_id: int, amount: int) -> Transfer:
    """Return the transfer of the beans left in a closed account to the mint."""
    return Transfer(reader_account(reader_id), MINT, amount, Reason.ACCOUNT_CLOSED, f"closed:{reader_id}")


def making_whole(drift_id: int, amount: int, giver: str) -> Transfer:
    """Return the transfer to a giver whose book, mailed with a tracking number, was reported missing."""
    return Transfer(POOL, giver, amount, Reason.MADE_WHOLE, f"drift:{drift_id}:whole")


def may_be_made_whole(tracking: str | None, last: int | None, now: int, economy: Economy = IN_FORCE) -> bool:
    """Return whether a giver is paid for a missing book; ``last`` is when they last were, in Unix seconds."""
    return bool(tracking) and (last is None or now - last >= economy.whole_again_after)


def _reward(reader_id: int, amount: int, reason: Reason, event: str) -> Transfer:
    return Transfer(MINT, reader_account(reader_id), amount, reason, f"{event}:{reader_id}")
