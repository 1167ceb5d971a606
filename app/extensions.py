"""The Flask extensions, made once and tied to the application in `create_app`."""

from typing import Any

from flask_babel import Babel
from flask_caching import Cache
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect


class Logins(LoginManager):  # type: ignore[misc]  # Flask-Login carries no types
    """Flask-Login, without its stumbling over a `remember me` cookie that nobody could have got from us."""

    def _load_user_from_remember_cookie(self, cookie: str) -> Any:
        return super()._load_user_from_remember_cookie(cookie) if cookie.isascii() else None


babel = Babel()
cache = Cache()
csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address)
login_manager = Logins()
migrate = Migrate()
