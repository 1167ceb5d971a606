"""The page of the desk with the figures of the economy, which name no reader."""

from collections.abc import Callable, Sequence

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.models.base import now
from app.rules.economy.report import Report
from app.services.economy.days import list_reports
from app.web.blueprint import web
from app.web.display.chart import LineChart, line_chart
from app.web.page.desk import for_the_desk

SHOWN_DAYS = 366
MOST_POINTS = 53
"""Reports in a chart: one a week for a year."""


@web.get("/desk/economy")
@for_the_desk
def desk_economy() -> ResponseReturnValue:
    """Show the newest figures that were kept, and how they came to be so."""
    reports = list_reports(SHOWN_DAYS, now(), MOST_POINTS)
    newest = reports[-1] if reports else None
    return render_template("moderation/desk_economy.html", report=newest, charts=_charts(reports))


def _charts(reports: Sequence[Report]) -> list[tuple[str, str, LineChart]]:
    """Return the charts over time: what each is called, whether it shows percentages, and its lines."""

    def values(figure: Callable[[Report], float | None]) -> list[float | None]:
        return [figure(report) for report in reports]

    times = [report.time for report in reports]
    chart = [
        (
            gettext("Beans"),
            "number",
            [
                (gettext("live"), values(lambda report: report.beans.live)),
                (gettext("in escrow"), values(lambda report: report.beans.escrow)),
                (gettext("in the pool"), values(lambda report: report.beans.pool)),
                (gettext("asleep"), values(lambda report: report.beans.asleep)),
            ],
        ),
        (
            gettext("Books in 90 days"),
            "number",
            [
                (gettext("asked for"), values(lambda report: sum(way.asked for way in report.ways.values()))),
                (gettext("arrived"), values(lambda report: sum(way.arrived for way in report.ways.values()))),
            ],
        ),
        (
            gettext("Shares"),
            "percent",
            [
                (gettext("readers without beans"), values(lambda report: report.readers.dry_share)),
                (gettext("beans of the richest tenth"), values(lambda report: report.readers.top_tenth)),
            ],
        ),
        (
            gettext("How often a bean is spent in 30 days"),
            "number",
            [(gettext("velocity"), values(lambda report: report.beans.velocity))],
        ),
    ]
    return [(title, unit, line_chart(times, series)) for title, unit, series in chart] if reports else []
