"""`/dev/mail`: the mails of a development site, which needs no mail server."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

from flask import abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from app.development import is_loopback
from app.web.account.register import shows_mailbox
from app.web.blueprint import web
from app.web.page.caching import no_store

SHOWN = 50


@web.get("/dev/mail")
@no_store
def mailbox() -> ResponseReturnValue:
    """List the latest mails; 404 outside of development, and for clients on other machines."""
    if not (shows_mailbox() and _is_asked_here()):
        abort(404)
    files = sorted(Path(current_app.config["MAIL_FOLDER"]).glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    mails = [_read(path) for path in reversed(files[-SHOWN:])]
    return render_template("account/mailbox.html", mails=mails)


def _is_asked_here() -> bool:
    """Return whether the client is on this machine and uses the site's own host name (against DNS rebinding)."""
    is_direct = is_loopback(request.remote_addr or "") and "X-Forwarded-For" not in request.headers
    return is_direct and urlsplit(request.host_url).hostname == urlsplit(current_app.config["SITE_URL"]).hostname


def _read(path: Path) -> dict[str, str | int]:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    body = message.get_body(("plain",)) if isinstance(message, EmailMessage) else None
    text = str(body.get_content()) if body is not None else ""
    time = int(parsedate_to_datetime(str(message["Date"])).timestamp())
    return {"to": str(message["To"]), "subject": str(message["Subject"]), "time": time, "text": text}
