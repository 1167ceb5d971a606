"""The end of reports: closed without a measure, and erased in time. Times are in Unix seconds."""

from sqlalchemy import delete, or_, select

from app.models.base import LIVE, db
from app.models.decision import Appeal, Decision
from app.models.report import Hold, Report
from app.models.user import User
from app.rules.moderation.decision import Act, Ground, Verdict
from app.rules.moderation.report import KEPT_ABOUT_LEAVER, KEPT_DECIDED
from app.services.errors import NotFound
from app.services.moderation.decision import decide
from app.services.transaction import changed_rows, transaction


def close_report(report_id: int, now: int) -> bool:
    """Decide that nothing is done about what was reported, which closes all open reports of it, and tell both sides.

    Return False if it was closed before.

    :raises NotFound: there is no such report.
    """
    report = db.session.get(Report, report_id)
    if report is None:
        raise NotFound()
    if report.decision_id is not None:
        return False
    decide(None, report.kind, report.ref, Verdict(Act.NOTHING, Ground.NO_BREACH), now)
    return True


@transaction
def erase_old_reports(now: int) -> int:
    """Erase reports that were decided long ago, and those about readers who have left; return how many.

    What was decided stays in the log; a report on whose decision an appeal waits is kept.
    """
    waits = select(Appeal.decision_id).where(Appeal.answer_time.is_(None))
    old = select(Decision.id).where(Decision.create_time <= now - KEPT_DECIDED, Decision.id.not_in(waits))
    here = select(User.id).where(User.status == LIVE)
    is_of_leaver = Report.about_id.not_in(here) & (Report.create_time <= now - KEPT_ABOUT_LEAVER)
    changed_rows(delete(Hold).where(Hold.create_time <= now - KEPT_DECIDED))
    return changed_rows(delete(Report).where(or_(Report.decision_id.in_(old), is_of_leaver)))
