"""What a reader is told on the site."""

import re

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from app.models.base import now
from app.services.notice.notices import list_notices, note_seen
from app.web.blueprint import web
from app.web.page.caching import no_store
from app.web.page.paging import page_size
from app.web.page.reader import reader


@web.get("/notices")
@login_required
@no_store
def notices() -> ResponseReturnValue:
    """List the reader's notices, the newest first, and note that they were shown."""
    page = list_notices(reader().id, _place(), page_size(), now())
    answer = render_template("notice/notices.html", page=page, unseen=reader().unseen - len(page.new))
    if page.new:
        note_seen(reader().id, now(), page.new)
    return answer


@web.post("/notices/seen")
@login_required
def see_all_notices() -> ResponseReturnValue:
    """Mark all notices as seen."""
    note_seen(reader().id, now())
    return redirect(url_for("web.notices"), 303)


def _place() -> tuple[int, int] | None:
    """Return the place in the list that the URL names; None for the beginning, also if it names none."""
    found = re.fullmatch(r"(\d{1,12})-(\d{1,18})", request.args.get("before", ""), re.ASCII)
    return (int(found[1]), int(found[2])) if found else None
