"""What became of the lists that a reader has brought, to download."""

from flask import make_response
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user, login_required

from app.services.basket.report import list_report, write_csv
from app.web.blueprint import web
from app.web.display.basket_words import OUTCOMES, REASONS
from app.web.display.times import day_of
from app.web.page.caching import no_store

BYTE_ORDER_MARK = "\ufeff"
"""Without it, Excel takes UTF-8 for the encoding of the country."""


@web.get("/my/books/basket/report.csv")
@login_required
@no_store
def basket_report() -> ResponseReturnValue:
    """Return as a table what became of each row that the reader has brought in the last days."""
    header = (
        gettext("Line"),
        gettext("Title"),
        gettext("Authors"),
        gettext("ISBN"),
        gettext("What became of it"),
        gettext("Why"),
        gettext("Brought on"),
    )
    rows = (
        (
            str(row.number),
            row.title,
            " / ".join(row.authors),
            row.said,
            str(OUTCOMES[row.outcome]),
            str(REASONS.get(row.reason, "")),
            day_of(row.brought_at).isoformat(),
        )
        for row in list_report(current_user.id)
    )
    answer = make_response(BYTE_ORDER_MARK + write_csv(header, rows))
    answer.mimetype = "text/csv"
    answer.headers["Content-Disposition"] = 'attachment; filename="fisher-report.csv"'
    return answer
