"""Counting the requests that are refused, by day and reason; never by reader."""

from sqlalchemy import insert, update

from app.models.base import db
from app.models.bean import RefusedAsk
from app.rules.economy.figures import day_of
from app.services.transaction import changed_rows, transaction


@transaction
def count_refused_ask(reason: str, now: int) -> None:
    """Count a refusal, named by its code, at `now` in Unix seconds."""
    same = RefusedAsk.day == day_of(now), RefusedAsk.reason == reason
    if changed_rows(update(RefusedAsk).where(*same).values(count=RefusedAsk.count + 1)) == 0:
        db.session.execute(insert(RefusedAsk).values(day=day_of(now), reason=reason, count=1, create_time=now))
