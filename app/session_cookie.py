"""The signed cookie that holds the session."""

from functools import lru_cache

from flask import Flask, Response
from flask.sessions import SecureCookieSessionInterface, SessionMixin


class SessionCookie(SecureCookieSessionInterface):
    """Flask's session interface with one signer for all requests: creating one takes a tenth of a visitor's page."""

    def __init__(self) -> None:
        # Of one application: this object belongs to the class of all, which it must not keep alive.
        self.get_signing_serializer = lru_cache(1)(super().get_signing_serializer)  # type: ignore[method-assign]

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie; a public response that only read it gets no `Vary: Cookie`, so that caches keep it."""
        if session.modified or "public" not in response.headers.get("Cache-Control", ""):
            super().save_session(app, session, response)
