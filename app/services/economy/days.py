"""Keeping the report of each day, for the charts of the desk."""

from collections.abc import Sequence

from sqlalchemy import insert, select, update

from app.models.base import db
from app.models.bean import EconomyDay
from app.rules.economy.figures import DEFAULT_DAYS, day_of
from app.rules.economy.report import Report, load_report
from app.services.economy.report import read_report
from app.services.transaction import changed_rows, transaction


def keep_report(now: int) -> Report:
    """Read the report of the day of `now` (Unix seconds), and keep it instead of an earlier one of the same day."""
    report = read_report(DEFAULT_DAYS, now)
    db.session.rollback()
    _keep(report)
    return report


@transaction
def _keep(report: Report) -> None:
    day, figures = day_of(report.time), report.as_dict()
    if changed_rows(update(EconomyDay).where(EconomyDay.day == day).values(figures=figures)) == 0:
        db.session.execute(insert(EconomyDay).values(day=day, figures=figures, create_time=report.time))


def list_reports(days: int, now: int, most: int) -> Sequence[Report]:
    """Return reports that were kept in the last days before `now`, the oldest first; of many, evenly chosen ones.

    The newest is always among them.
    """
    lately = EconomyDay.day.between(day_of(now) - days, day_of(now))
    kept = db.session.scalars(select(EconomyDay.day).where(lately).order_by(EconomyDay.day)).all()
    chosen = kept[::-1][:: -(-len(kept) // most) or 1]
    figures = select(EconomyDay.figures).where(EconomyDay.day.in_(chosen)).order_by(EconomyDay.day)
    return [load_report(stored) for stored in db.session.scalars(figures)]
