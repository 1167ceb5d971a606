"""Finding readers who may be one person passing beans between accounts, for operators to look at."""

from dataclasses import dataclass

from sqlalchemy import func, select

from app.models.base import db
from app.models.drift import Drift
from app.models.user import User
from app.rules.bean.suspects import MINUTES, find_of_one_browser, find_of_one_domain, find_pairs, find_rings
from app.rules.exchange.drift import DriftState

MOST_QUICK = 200
"""How many quick exchanges are listed, the newest first."""


@dataclass(frozen=True, kw_only=True)
class Suspects:
    """Pairs with their numbers of exchanges, rings, drifts finished within minutes, pairs of one browser or domain."""

    pairs: list[tuple[int, int, int]]
    rings: list[list[int]]
    quick: list[int]
    of_one_browser: list[tuple[int, int]]
    of_one_domain: list[tuple[int, int]]


def find_suspects() -> Suspects:
    """Return the readers and drifts that a person should look at."""
    arrived = Drift.state == DriftState.RECEIVED
    counts = select(Drift.giver_id, Drift.asker_id, func.count(Drift.id)).where(arrived)
    rows = db.session.execute(counts.group_by(Drift.giver_id, Drift.asker_id))
    dealings = {(giver, asker): books for giver, asker, books in rows}
    minutes = select(Drift.id).where(arrived, Drift.state_time - Drift.create_time < MINUTES)
    quick = list(db.session.scalars(minutes.order_by(Drift.id.desc()).limit(MOST_QUICK)))
    readers = db.session.execute(select(User.id, User.email_folded, User.browser_hash)).all()
    domains = {id: email.rpartition("@")[2] for id, email, _ in readers}
    browsers = {id: browser for id, _, browser in readers if browser}
    return Suspects(
        pairs=find_pairs(dealings),
        rings=find_rings(dealings),
        quick=quick,
        of_one_browser=find_of_one_browser(dealings, browsers),
        of_one_domain=find_of_one_domain(dealings, domains),
    )
