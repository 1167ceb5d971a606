"""Readers in front of pages of the exchange."""

from flask import Flask
from flask.testing import FlaskClient

from app.models.base import db
from app.models.user import User
from app.services.account.login_session import start_session
from tests.conftest import PageResponse, Reader


def logged_in(app: Flask, reader_id: int) -> FlaskClient:
    """Return a client in which this reader is logged in and reads English."""
    client = Reader(app, PageResponse)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    with db.auto_commit():
        token = start_session(db.session.get_one(User, reader_id), "test", is_remembered=False)
    with client.session_transaction() as session:
        session.update({"_user_id": token, "_fresh": True})
    return client


def token_of(client: FlaskClient, path: str = "/my/gifts") -> str:
    """Return the CSRF token of the reader's session."""
    return client.get(path).page.find("input", attrs={"name": "csrf_token"})["value"]
