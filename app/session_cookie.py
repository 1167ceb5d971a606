"""The signed cookie that holds the session."""

from functools import cache

from flask import Flask, Response
from flask.sessions import SecureCookieSessionInterface, SessionMixin


class SessionCookie(SecureCookieSessionInterface):
    """Flask's, with a signer that is made once: to make one costs a visitor's page a tenth of its time."""

    def __init__(self) -> None:
        self.get_signing_serializer = cache(super().get_signing_serializer)  # type: ignore[method-assign]

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie; public answers do not depend on it, whoever has looked at it, so that caches keep them."""
        if session.modified or "public" not in response.headers.get("Cache-Control", ""):
            super().save_session(app, session, response)
