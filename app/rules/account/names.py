"""Comparing nicknames and e-mail addresses, and nicknames that nobody may have."""

import re
import unicodedata
from functools import cache

from app.rules.account.lookalikes import drop_unseen, look_of
from app.rules.text import LONGEST_TEXT, as_typed, fold_width

NICKNAME_LENGTH = (2, 24)
"""Fewest and most characters of a nickname."""
FOLDED_NICKNAME_LENGTH = 96
"""Most characters that `fold_nickname` returns; one character can become eighteen."""
ROOM_FOR_NUMBER = 4
"""Digits appended to a nickname that another reader confirmed first."""
EMAIL_LENGTH = 254
"""Most characters of an address, both as typed and folded (RFC 5321, 4.5.3.1.3)."""
JOINERS = frozenset(" _-.·・'’")
SITE = ("fisher", "root", "team", "鱼书", "魚書", "网站", "網站", "系统", "系統", "团队", "團隊", "小助手")
"""No nickname consists only of these and of offices; together with other words they are allowed."""
OFFICES = ("admin", "administrator", "moderator", "official", "staff", "support", "sysadmin", "system", "webmaster")
"""Not allowed as a word of a nickname."""
TITLES = ("管理员", "管理員", "客服", "官方", "站长", "站長", "版主")
"""Not allowed anywhere in a nickname, because Chinese has no spaces between words."""
ALPHABETS = frozenset({"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC"})
"""Scripts whose letters look alike, as written at the start of Unicode character names."""
_ADDRESS = re.compile(r"\w\.[^\W\d_]{2}")
_NO_LETTERS = re.compile(r"[\W\d_]+")
_WORD = re.compile("[a-z]+")


def tidy_nickname(text: str | None) -> str:
    """Return the nickname in composed form (NFC), with single spaces and without invisible characters."""
    return as_typed(drop_unseen((text or "")[:LONGEST_TEXT]))


def fold_nickname(nickname: str) -> str:
    """Return the key shared by all spellings and lookalikes of a nickname; width and case make no difference."""
    return look_of(fold_width(drop_unseen(nickname[:LONGEST_TEXT])))


def is_nickname(nickname: str) -> bool:
    """Return whether the nickname consists of letters, digits and a few joiners, with at least one letter or digit."""
    kinds = [unicodedata.category(character)[0] for character in nickname if character not in JOINERS]
    return bool(kinds) and kinds[0] != "M" and set(kinds) <= {"L", "N", "M"} and drop_unseen(nickname) == nickname


def is_too_long(nickname: str) -> bool:
    """Return whether the folded nickname, with a number appended, is too long for its column."""
    return len(fold_nickname(nickname)) + ROOM_FOR_NUMBER > FOLDED_NICKNAME_LENGTH


def piles_marks(nickname: str) -> bool:
    """Return whether there are three or more combining marks in a row."""
    kinds = "".join(unicodedata.category(character)[0] for character in nickname)
    return "MMM" in kinds


def has_address(nickname: str) -> bool:
    """Return whether part of the nickname looks like a web address, which many programs turn into a link."""
    return bool(_ADDRESS.search(fold_nickname(nickname)))


def mixes_alphabets(nickname: str) -> bool:
    """Return whether the nickname mixes alphabets whose letters look alike (UTS 39, 5.2, moderately restrictive)."""
    first_words = {unicodedata.name(character, "").partition(" ")[0] for character in fold_width(nickname)}
    return len(first_words & ALPHABETS) > 1


def is_reserved(nickname: str) -> bool:
    """Return whether readers would take the nickname for the site itself or its staff."""
    offices, titles, nothing_else = _reserved()
    for apart in ("".join(" " if c in JOINERS else c for c in nickname), _NO_LETTERS.sub(" ", nickname)):
        look = _bare_look(apart)
        together = look.replace(" ", "")
        if offices & {*_WORD.findall(look)} or titles.search(together) or nothing_else.fullmatch(together):
            return True
    return False


@cache
def _reserved() -> tuple[frozenset[str], re.Pattern[str], re.Pattern[str]]:
    offices, titles = [_bare_look(word) for word in OFFICES], [_bare_look(word) for word in TITLES]
    site = [_bare_look(word) for word in SITE]
    nothing_else = re.compile(f"(?:{'|'.join([*site, *offices, *titles])})+")
    return frozenset(offices), re.compile("|".join(titles)), nothing_else


def _bare_look(text: str) -> str:
    """Return the text without its accents."""
    apart = unicodedata.normalize("NFD", fold_nickname(text))
    return "".join(character for character in apart if unicodedata.category(character)[0] != "M")


def fold_email(address: str) -> str:
    """Return the key shared by all spellings of an e-mail address."""
    return unicodedata.normalize("NFKC", address[:LONGEST_TEXT]).lower().strip()


def mailbox_of(address: str) -> str:
    """Return the mailbox of an address on most servers: the address without its +tag (RFC 5233)."""
    name, _, host = fold_email(address).rpartition("@")
    return f"{name.partition('+')[0] or name}@{host}"
