"""The pages that a site's operator writes, the announcement on every page, and the site closed for maintenance."""

from flask import abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import ServiceUnavailable

from app.i18n import current_language
from app.rules.account.role import Role
from app.rules.bean.economy import IN_FORCE
from app.rules.clock import DAY, HOUR
from app.rules.exchange.asking import NEWCOMER_LIMIT, OPEN_LIMIT
from app.rules.exchange.lending import FEWEST_DAYS, MOST_DAYS
from app.rules.exchange.mails import MAIL_DELAY
from app.services.exchange.deadline_settings import deadlines
from app.services.site.texts import ANNOUNCEMENT, MAINTENANCE, PAGES, Text, find_text, is_closed
from app.web.blueprint import web
from app.web.display.yushu_shape import is_api_call
from app.web.page.caching import cached_for_visitors
from app.web.page.errors import ensure_reader
from app.web.page.json_request import wants_json
from app.web.page.reader import may_act

REOPENS = HOUR
"""Seconds after which clients should come back to a closed site."""
ALWAYS_OPEN = {
    *("web.login", "web.do_login", "web.login_code", "web.do_login_code", "web.logout"),
    *("web.language", "web.choose_language", "web.healthz", "web.readyz", "web.metrics"),
    *("web.manifest", "web.favicon", "web.robots", "web.service_worker", "static"),
}
"""What a closed site still answers: an operator has to log in, and monitoring to look."""


@web.get(f"/<any({', '.join(map(repr, PAGES))}):name>")
@cached_for_visitors
def site_text(name: str) -> ResponseReturnValue:
    """Show what the operator says about the site, its rules, privacy, and how to be reached."""
    text = _find(name)
    if text is None:
        abort(404)
    return render_template("site/text.html", text=text)


@web.app_template_global()
def announcement() -> Text | None:
    """Return what the operator wants to be read on every page."""
    return _find(ANNOUNCEMENT)


@web.before_app_request
def close() -> ResponseReturnValue | None:
    """Show only operators the pages of a site that is closed for maintenance."""
    if request.endpoint in ALWAYS_OPEN or not is_closed():
        return None
    ensure_reader()
    if may_act(Role.OPERATOR):
        return None
    text = None if wants_json() or is_api_call() else _find(MAINTENANCE)
    if text is None:
        raise ServiceUnavailable(retry_after=REOPENS)
    return render_template("site/text.html", text=text), 503, {"Retry-After": str(REOPENS)}


def _find(name: str) -> Text | None:
    return find_text(name, current_language(), _words)


def _words() -> dict[str, str]:
    """Return what the texts call by a `$name`, so that they always say what is in force."""
    settings, times = current_app.config, deadlines()
    numbers = {
        "price": IN_FORCE.price,
        "first_bean": IN_FORCE.for_confirming,
        "request_bean": IN_FORCE.for_first_request,
        "gift_bean": IN_FORCE.for_first_book,
        "received_per_given": IN_FORCE.received_per_given,
        "pool_bean": IN_FORCE.from_pool,
        "known_days": IN_FORCE.known_after // DAY,
        "whole_days": IN_FORCE.whole_again_after // DAY,
        "silent_days": IN_FORCE.silence // DAY,
        "gave_days": IN_FORCE.gave_within // DAY,
        "newcomer_limit": NEWCOMER_LIMIT,
        "open_limit": OPEN_LIMIT,
        "undo_minutes": MAIL_DELAY // 60,
        "answer_days": times.answer_days,
        "mail_days": times.mail_days,
        "receipt_days": times.receipt_days,
        "missing_days": times.missing_days,
        "fewest_lend_days": FEWEST_DAYS,
        "most_lend_days": MOST_DAYS,
        "loan_kept_days": times.keep_days,
        "meet_days": times.meet_days,
        "place_days": times.place_days,
        "objection_hours": times.objection_hours,
        "offer_hours": times.offer_hours,
        "erase_days": times.erase_days,
    }
    contact = settings["CONTACT"] or gettext("nobody has been named yet")
    words = {"site": settings["SITE_NAME"], "url": settings["SITE_URL"], "root": request.script_root}
    return {name: str(number) for name, number in numbers.items()} | words | {"contact": contact}
