"""The signed cookie that holds the session."""

from functools import cache

from flask.sessions import SecureCookieSessionInterface


class SessionCookie(SecureCookieSessionInterface):
    """Flask's, with a serializer that is made once: to make one costs a visitor's page a tenth of its time."""

    def __init__(self) -> None:
        self.get_signing_serializer = cache(super().get_signing_serializer)  # type: ignore[method-assign]
