"""By which name two spellings of an author are compared."""

import re
from functools import lru_cache

from app.rules.book.normalise import normalise

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕|\{[^{}]*\}")
_ROLES = re.compile(r"(?:编[著着]|主编|原[著着]|改编|编译|编写|编选|选编|著|着|编|作|译|等)+$")
_PARTS = re.compile(r"[·•・‧∙⋅.．\s]+")
_DATES = re.compile(r"\b\d{3,4}\b|[~–—-]\s*$")
_BEHIND = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "ph", "d", "md", "m", "dr", "esq", "et", "al", "author"})
_PATRONYMIC = ("вич", "вна", "чна", "ична")
_LONGEST = 200
_HAN = re.compile(r"[㐀-鿿]")


@lru_cache(maxsize=20_000)
def family_of(name: str) -> str:
    """Return what is the same in all spellings of a name: the family name of a foreigner, the whole of a Han name.

    `[哥伦比亚] 加西亚·马尔克斯` → `马尔克斯`; `刘慈欣 著` → `刘慈欣`; `Ursula K. Le Guin` → `guin`; "" for no name.
    """
    text = _BRACKETS.sub(" ", normalise(name[:_LONGEST]))
    family = text.partition(",")[0] if "," in text and not _HAN.search(text) else text
    parts = [part for part in _PARTS.split(_DATES.sub(" ", family)) if part.strip("-'’")]
    if _HAN.search(text):
        parts = [bare for part in parts if (bare := _ROLES.sub("", part))]
    else:
        while len(parts) > 1 and parts[-1].strip(",;") in _BEHIND:
            parts.pop()
    if not parts:
        return ""
    if len(parts) == 3 and parts[-1].endswith(_PATRONYMIC):
        parts = parts[:1]
    return "".join(letter for letter in parts[-1] if letter.isalnum())
