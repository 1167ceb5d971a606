"""Sending forms as a browser does: load the page, take its token, send."""

import re

from app.jobs.worker import do_one


def token(client, path):
    return client.get(path).page.find("input", {"name": "csrf_token"})["value"]


def send(client, path, page=None, **fields):
    """Send the form of a page to `path`; by default, `page` has the same path."""
    return client.post(path, data={"csrf_token": token(client, page or path), **fields})


def log_in(client, email, password, **fields):
    return send(client, "/login", email=email, password=password, **fields)


def do_jobs(app):
    """Run the jobs that are due."""
    with app.app_context():
        while do_one():
            pass


def mails(app):
    """Run the jobs and return the mails written so far, oldest first, as parsed messages."""
    from email import message_from_bytes, policy
    from pathlib import Path

    do_jobs(app)
    files = sorted(Path(app.config["MAIL_FOLDER"]).glob("*.eml"), key=lambda path: int(path.name.split(".")[0]))
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]


def text_of(mail):
    return mail.get_body(("plain",)).get_content()


def link_in(mail):
    """Return the path of the link in a mail."""
    return re.search(r"https?://[^/\s]+(/\S+)", text_of(mail)).group(1)


def errors(answer):
    return [error.get_text() for error in answer.page.select(".field-error, .flash.error")]
