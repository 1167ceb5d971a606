"""Clients of readers, for tests of pages."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app.models.base import db
from app.models.user import User
from app.services.account.login_session import start_session
from tests.conftest import PageResponse, Reader
from tests.exchange import HOME

REQUEST = {
    "saved": "new",
    "recipient": HOME.recipient,
    "phone": HOME.phone,
    "address": HOME.address,
    "note": "请包好",
}
"""What a reader fills in to ask for a copy."""


def logged_in(app: Flask, reader_id: int) -> FlaskClient:
    """Return a client in which this reader is logged in and reads English."""
    client = Reader(app, PageResponse)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    with db.auto_commit():
        token = start_session(db.session.get_one(User, reader_id), "test", is_remembered=False)
    with client.session_transaction() as session:
        session.update({"_user_id": token, "_fresh": True})
    return client


def press(client: FlaskClient, path: str, data: Mapping[str, Any] | None = None, **options: Any) -> PageResponse:
    """Send a form or press a button, with the token of the client's session."""
    token = client.get("/language").page.find("input", attrs={"name": "csrf_token"})["value"]
    return client.post(path, data={"csrf_token": token, **(data or {})}, **options)


def text_of(answer: PageResponse) -> str:
    """Return what a reader sees of a page, in one line."""
    return " ".join(answer.page.get_text(" ").split())
