"""Rate limits of passwords and mails: 429 with `Retry-After`.

Wrong passwords are counted per account and per network address, in several windows, so that the wait grows.
A browser that was logged in to the account before has a cookie that says so, and is counted separately:
a stranger who guesses can make other strangers wait, but never the owner (OWASP: device cookies). On a new
device, the owner gets in by resetting the password.
"""

import math
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Response, current_app, request
from itsdangerous import BadData, URLSafeSerializer
from limits import parse_many
from limits.storage import MemoryStorage, Storage
from limits.strategies import MovingWindowRateLimiter, RateLimiter
from redis.exceptions import RedisError
from werkzeug.exceptions import TooManyRequests

from app.extensions import caller, limiter
from app.i18n import cookie_name
from app.logs import log
from app.models.user import User
from app.rules.account.names import fold_email, mailbox_of
from app.rules.account.refusals import WrongCode, WrongLogin, WrongPassword
from app.rules.clock import YEAR
from app.rules.door.mail_domain import registered_domain
from app.services.hashing import plain_hash

DEVICE_COOKIE = "device"
fallback_limiter = MovingWindowRateLimiter(MemoryStorage())


class PasswordAttempt:
    """One attempt at the password of an account."""

    def __init__(self) -> None:
        self.is_cleared = True

    def keep(self) -> None:
        """Keep this attempt counted although nothing was wrong, because its second half, the code, is still to come."""
        self.is_cleared = False


@contextmanager
def password_attempts(email: str) -> Iterator[PasswordAttempt]:
    """Limit how often the block, which checks a password or a code, can be tried for the account `email`.

    The attempt is counted before the block runs, so that simultaneous attempts count too. A wrong password or code
    also counts against the network address; a block that raises nothing clears the count of the account.

    :raises TooManyRequests: the limit is reached; the block does not run.
    """
    key, address = _account_key(email), ("login-address", caller())
    _take("LOGIN_ADDRESS_RATE_LIMIT", address, is_counted=False)
    _take("LOGIN_RATE_LIMIT", key)
    attempt = PasswordAttempt()
    try:
        yield attempt
    except (WrongLogin, WrongPassword, WrongCode):
        _take("LOGIN_ADDRESS_RATE_LIMIT", address)
        raise
    if attempt.is_cleared:
        forget_attempts(email)


def forget_attempts(email: str) -> None:
    """Clear the count of attempts on this account from this browser."""
    if current_app.config["RATELIMIT_ENABLED"]:
        for item in parse_many(current_app.config["LOGIN_RATE_LIMIT"]):
            _strategy().clear(item, *_account_key(email))


def _account_key(email: str) -> tuple[str, str]:
    account = plain_hash(fold_email(email))
    return "login", _known_device(account) or account


def count_mail(recipient: str) -> None:
    """Count a mail that the client causes us to send.

    :raises TooManyRequests: too many to this recipient, or caused by this network address.
    """
    _take("MAIL_RATE_LIMIT", ("mail-to", plain_hash(mailbox_of(recipient))))
    _take("REGISTER_RATE_LIMIT", ("mail-from", caller()))


def count_registration(email: str) -> None:
    """Count a registration, by which we send a mail.

    :raises TooManyRequests: see `count_mail`, or too many with addresses of this domain today.
    """
    count_mail(email)
    domain = registered_domain(email)
    is_big = domain in current_app.config["BIG_DOMAINS"]
    setting = "BIG_DOMAIN_RATE_LIMIT" if is_big else "DOMAIN_RATE_LIMIT"
    _take(setting, ("mail-domain", plain_hash(domain)))


def count_once(key: str, seconds: int) -> int:
    """Count an event of which all processes are to know for some seconds; return how many there were with it."""
    return _ask_storage(lambda storage: storage.incr(key, seconds))


def count_of(key: str) -> int:
    """Return how many events with this key were counted."""
    return _ask_storage(lambda storage: storage.get(key))


def _ask_storage(question: Callable[[Storage], int]) -> int:
    if current_app.config["RATELIMIT_ENABLED"]:
        try:
            return question(_strategy().storage)
        except RedisError as error:
            log.warning("rate limits out of reach", reason=type(error).__name__)
    return question(fallback_limiter.storage)


def remember_device(response: Response, user: User) -> str:
    """Count attempts from this browser separately from those of strangers; return the browser's random id.

    The id stays the same when another account logs in with the same browser.
    """
    _, _, known = _read_cookie()
    browser = known or secrets.token_hex(16)
    response.set_cookie(
        cookie_name(DEVICE_COOKIE),
        _serializer().dumps([plain_hash(user.email_folded), plain_hash(user.login_token)[:16], browser]),
        max_age=YEAR,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return browser


def _known_device(account: str) -> str | None:
    owner, device, _ = _read_cookie()
    return f"{account}:{device}" if owner == account else None


def _read_cookie() -> tuple[str, str, str]:
    """Return the account that this browser last logged in to, the device's mark for it, and the browser's id."""
    try:
        owner, device, *browser = _serializer().loads(request.cookies.get(cookie_name(DEVICE_COOKIE), ""))
    except (BadData, ValueError, TypeError):
        return "", "", ""
    return owner, device, "".join(browser)  # cookies of earlier versions have no id


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="fisher.device")


def _strategy() -> RateLimiter:
    return limiter.limiter


def _take(setting: str, key: tuple[str, str], is_counted: bool = True) -> None:
    if not current_app.config["RATELIMIT_ENABLED"]:
        return
    try:
        _count(_strategy(), setting, key, is_counted)
    except RedisError as error:
        # Without Redis, each process counts on its own.
        log.warning("rate limits out of reach", reason=type(error).__name__)
        _count(fallback_limiter, setting, key, is_counted)


def _count(strategy: RateLimiter, setting: str, key: tuple[str, str], is_counted: bool) -> None:
    items = parse_many(current_app.config[setting])
    refused = [item for item in items if not (strategy.hit if is_counted else strategy.test)(item, *key)]
    if refused:
        free_at = max(strategy.get_window_stats(item, *key).reset_time for item in refused)
        raise TooManyRequests(retry_after=max(1, math.ceil(free_at - time.time())))
