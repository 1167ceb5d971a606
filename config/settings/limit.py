"""Settings: limits."""

from dataclasses import dataclass

from config.values import setting


@dataclass(frozen=True, kw_only=True, repr=False)
class Limits:
    """Rate limits: how often something may be done."""

    RATELIMIT_ENABLED: bool = setting(True, "limit requests per address")
    RATELIMIT_STORAGE_URI: str = setting("memory://", "memory:// (one process), redis:// or rediss://")
    SEARCH_RATE_LIMIT: str = setting("120 per minute", "searches of one address")
    SUGGEST_RATE_LIMIT: str = setting("240 per minute", "suggestions while typing, of one address")
    LOOKUP_RATE_LIMIT: str = setting("30 per minute", "questions of one address that reach outside catalogues")
    ENTRY_RATE_LIMIT: str = setting("20 per day", "books entered by hand by one reader")
    API_RATE_LIMIT: str = setting("120 per minute", "calls of one address to /v2/book")
    LOGIN_RATE_LIMIT: str = setting("5 per minute; 10 per 15 minutes; 20 per hour", "wrong passwords for one account")
    LOGIN_ADDRESS_RATE_LIMIT: str = setting("30 per minute; 200 per hour", "wrong passwords from one address")
    REGISTER_RATE_LIMIT: str = setting("20 per hour; 60 per day", "registrations and mails asked for by one address")
    DOMAIN_RATE_LIMIT: str = setting("30 per day", "registrations with addresses of one domain")
    BIG_DOMAIN_RATE_LIMIT: str = setting("500 per day", "the same, of a domain of BIG_DOMAINS")
    BIG_DOMAINS: tuple[str, ...] = setting(
        (
            "126.com", "139.com", "163.com", "aliyun.com", "foxmail.com", "gmail.com", "gmx.de", "gmx.net",
            "googlemail.com", "hotmail.com", "icloud.com", "live.com", "mail.ru", "me.com", "msn.com",
            "outlook.com", "proton.me", "protonmail.com", "qq.com", "sina.cn", "sina.com", "sohu.com",
            "t-online.de", "web.de", "yahoo.com", "yandex.ru", "yeah.net",
        ),
        "domains that give addresses to everybody",
    )  # fmt: skip
    MAIL_RATE_LIMIT: str = setting("3 per 15 minutes; 10 per day", "mails with a link to one recipient")
    ASKING_RATE_LIMIT: str = setting("60 per hour", "requests for books by one reader")
    LISTING_RATE_LIMIT: str = setting("120 per hour", "copies listed, wishes made and granted by one reader")
    SCAN_RATE_LIMIT: str = setting("150 per minute", "photos, pictures of the camera and lists of books of one reader")
    MESSAGE_RATE_LIMIT: str = setting("60 per hour", "messages of one reader to the other sides of exchanges")
    FEED_RATE_LIMIT: str = setting("60 per hour", "addresses of feeds that do not exist, asked for by one address")
    CARD_RATE_LIMIT: str = setting(
        "60 per minute", "pictures for links drawn for one address; kept ones are not counted"
    )
    MARK_RATE_LIMIT: str = setting("20 per hour", "marks of copies that do not exist, tried by one address")
    LINE_RATE_LIMIT: str = setting("10 per hour", "lines on pages of copies, by one reader or address")
    REPORT_RATE_LIMIT: str = setting("20 per day", "reports of one reader")
