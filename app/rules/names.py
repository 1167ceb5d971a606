"""When two nicknames, or two e-mail addresses, are the same."""

import unicodedata

NICKNAME_LENGTH = (2, 24)
"""Fewest and most characters of a nickname."""
JOINERS = frozenset(" _-.·・'’")
RESERVED = frozenset(
    {"admin", "administrator", "fisher", "root", "support", "system", "鱼书", "管理员", "客服", "系统"}
)


def tidy_nickname(text: str | None) -> str:
    """Return the nickname in composed form (NFC) with single blanks."""
    return " ".join(unicodedata.normalize("NFC", text or "").split())


def fold_nickname(nickname: str) -> str:
    """Return what all spellings of a nickname share: width, case and blanks make no difference."""
    return " ".join(unicodedata.normalize("NFKC", nickname).casefold().split())


def is_nickname(nickname: str) -> bool:
    """Tell whether letters, digits and a few joiners make up the nickname, at least one of them a letter or digit."""
    kinds = [unicodedata.category(character)[0] for character in nickname if character not in JOINERS]
    return bool(kinds) and kinds[0] != "M" and set(kinds) <= {"L", "N", "M"}


def is_reserved(nickname: str) -> bool:
    """Tell whether the nickname would pass for the site itself."""
    return fold_nickname(nickname) in RESERVED


def fold_email(address: str) -> str:
    """Return what all spellings of an e-mail address share."""
    return unicodedata.normalize("NFKC", address).lower().strip()
