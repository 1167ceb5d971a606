"""Settings: site."""

from dataclasses import dataclass

from config.values import setting


@dataclass(frozen=True, kw_only=True, repr=False)
class Site:
    """Where the site is, what it is called, and what keeps it safe."""

    SECRET_KEY: str = setting("", "signs sessions, tokens and forms", secret=True)
    FIELD_KEYS: tuple[str, ...] = setting((), "Fernet keys of encrypted columns, the newest first", secret=True)
    SITE_URL: str = setting("http://127.0.0.1:5000", "public address, used for links in mails")
    SITE_NAME: str = setting("Fisher 鱼书", "name shown in the page head")
    CONTACT: str = setting(
        "", "how readers reach you, in Markdown: an e-mail address, say; shown on the site's own pages"
    )
    TEXTS_PATH: str = setting("", "folder with Markdown texts of your own; empty: those that come with the site")
    LANGUAGES: tuple[str, ...] = setting(("zh", "zh_Hant", "en"), "languages offered, the first is default")
    TIME_ZONE: str = setting("Asia/Shanghai", "times of visitors, and of readers who chose no zone")
    SERVE_OTHERS: bool = setting(False, "a development site answers on other addresses than 127.0.0.1, too")
    TRUSTED_PROXIES: int = setting(0, "reverse proxies in front that set X-Forwarded-*", "proxies")
    SESSION_COOKIE_SECURE: bool = setting(False, "send the session cookie over HTTPS only")
    HSTS_SECONDS: int = setting(0, "Strict-Transport-Security age; 0 sends none", "seconds")
    REQUEST_DEADLINE: int = setting(
        30, "a request that has to wait for longer is given up, with nothing half done (503); 0: none is", "seconds"
    )
    MAX_CONTENT_LENGTH: int = setting(64_000, "largest request body", "bytes")
    MAX_UPLOAD_LENGTH: int = setting(8_000_000, "largest photo, file or text of books that a reader brings", "bytes")
    LOG_LEVEL: str = setting("INFO", "DEBUG, INFO, WARNING or ERROR")
    LOG_JSON: bool = setting(False, "one JSON object a line instead of coloured text")
    DEBUG: bool = setting(False, "debugger and reload")
    TESTING: bool = setting(False, "exceptions reach the test")
