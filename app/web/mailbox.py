"""`/dev/mail`: the mails that a development site has written, so that no mail server is needed."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from flask import abort, current_app, render_template
from flask.typing import ResponseReturnValue

from app.web import web
from app.web.register import shows_mailbox

SHOWN = 50


@web.get("/dev/mail")
def mailbox() -> ResponseReturnValue:
    """List the latest mails; there is no such page outside of development."""
    if not shows_mailbox():
        abort(404)
    files = sorted(Path(current_app.config["MAIL_FOLDER"]).glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    mails = [_read(path) for path in reversed(files[-SHOWN:])]
    return render_template("account/mailbox.html", mails=mails)


def _read(path: Path) -> dict[str, str]:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    body = message.get_body(("plain",)) if isinstance(message, EmailMessage) else None
    text = str(body.get_content()) if body is not None else ""
    return {"to": str(message["To"]), "subject": str(message["Subject"]), "date": str(message["Date"]), "text": text}
