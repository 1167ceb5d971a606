"""The Flask extensions, created once and initialised in `create_app`."""

import ipaddress
from typing import Any

from flask_babel import Babel
from flask_caching import Cache
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect


class Logins(LoginManager):  # type: ignore[misc]  # Flask-Login carries no types
    """Flask-Login, which would fail on a "remember me" cookie with non-ASCII characters; we never set such a one."""

    def _load_user_from_remember_cookie(self, cookie: str) -> Any:
        return super()._load_user_from_remember_cookie(cookie) if cookie.isascii() else None


def caller() -> str:
    """Return what limits by address count: the IPv4 address, or the IPv6 /64, all of which belongs to one client."""
    try:
        address = ipaddress.ip_address(get_remote_address())
    except ValueError:
        return get_remote_address()
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


babel = Babel()
cache = Cache()
csrf = CSRFProtect()
limiter = Limiter(key_func=caller)
login_manager = Logins()
migrate = Migrate()
