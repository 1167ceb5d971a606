"""What people did for a book: role codes of MARC and UNIMARC, their addresses, and the words of ten languages."""

import re
from enum import Enum


class Role(Enum):
    """What somebody did, as far as it matters here."""

    AUTHOR = "author"
    TRANSLATOR = "translator"
    OTHER = "other"


_TRANSLATOR_CODES = frozenset({"trl", "730"})
_AUTHOR_CODES = frozenset({"aut", "edt", "com", "cre", "070", "340", "220", "205"})
_TRANSLATES = re.compile(
    r"translat|\btr(?:ans)?\.?$|traduc|traduit|tradut|traduz|tradott|traduzione|trad\.|übersetz|uebersetz|übers\.|übertr|"
    r"перевод|перев\.|перекла|^пер\.|vertaal|vertaling|vert\.|oversæt|oversett|översätt|prze[kł]|tłum|přelož|översatt|"
    r"译|譯|翻訳|訳|옮김|옮긴|번역|ترجم|مترجم|çevir|çev\.",
    re.IGNORECASE,
)
_WRITES = re.compile(
    r"author|writer|creator|compil|editor|edited|\bed\.|poet|artist|verfass|autor|auteur|автор|autore|herausg|hrsg|hg\.|"
    r"éditeur|editeur|directeur|coord|schrijver|författ|forfatter|kirjail|yazar|curatore|a cura|редактор|сост|состав|"
    r"著|编|編|撰|主|작가|지은|지음|저자|مؤلف|تأليف",
    re.IGNORECASE,
)


def role_of(told: str) -> Role:
    """Return the role that a code (`trl`, `730`), its address (`…/relators/trl`) or a word names."""
    text = told.strip().rstrip("/").rsplit("/", 1)[-1].strip(" .,:;[]()")
    code = text.lower()
    if code in _TRANSLATOR_CODES or _TRANSLATES.search(text):
        return Role.TRANSLATOR
    return Role.AUTHOR if code in _AUTHOR_CODES or _WRITES.search(text) else Role.OTHER


_BY = r"(?:by|par|de|von|van|durch|por|da|di|av|af|door)"  # in the languages of the words below
_FROM = (
    r"(?:from|de l['’]|de la|del|de|du|dall['’]|dal|do|da|aus dem|uit het|från|fra)\s*(?:the\s+)?[^\W\d_]+"
    r"(?:\s+and\s+edited)?"
)
_TRANSLATED = (
    r"(?:translated|translation|traducción|traducido|traduit|traduction|tradotto|traduzione|tradução|traduzido|übersetzt|"
    r"übersetzung|ins deutsche übertragen|vertaald|översatt|oversatt)"
)
_DRAWN = (
    r"(?:illustrat(?:ed|ions?)|ilustracion\w*(?: de)?|illustriert|illustré\w*|pictures|drawings|photographs|"
    r"introduction|introduced|foreword|preface|afterword|prólogo|préface|vorwort|mit einem vorwort|narrated|read|cover)"
)
_WRITTEN = (
    r"(?:written|edited|compiled|selected|collected|told|retold|story|stories|text|ed\.|comp\.|herausgegeben|hrsg\.|"
    r"écrit|escrito|editado|a cura|verfasst|geschrieben)"
)
_INTRODUCED = tuple(
    (role, re.compile(shape, re.IGNORECASE))
    for role, shape in (
        (Role.TRANSLATOR, rf"(?:newly |a )?{_TRANSLATED}\b(?:\s+{_FROM})?(?:\s+and edited)?\s+{_BY}\s+"),
        (Role.TRANSLATOR, r"aus dem [^\W\d_]+en (?:übersetzt )?von\s+"),
        (Role.TRANSLATOR, r"(?:перевод|пер\.)\s+(?:(?:с|со)\s+[^\W\d_]+\.?\s+)?"),
        (Role.OTHER, rf"(?:with\s+)?(?:an?\s+)?(?:new\s+)?{_DRAWN}(?:\s+and\s+\w+)*\s+{_BY}\s+"),
        (Role.AUTHOR, rf"{_WRITTEN}(?:\s+and\s+\w+)*\s+(?:by|von|par|por|di)\s+|by\s+"),
        (Role.AUTHOR, r"автор:?\s+|под ред(?:акцией|\.)\s+"),
    )
)
_BRACKETS = re.compile(r"^\[\s*([^\[\]]{1,40}?)\s*\]\s*(?=\S)")


def introduced(text: str) -> tuple[Role | None, str]:
    """Take off what introduces a name: `edited by E. Example`, `[by] …`, `translated from the French by …`."""
    plain = text.strip()
    if (inside := _BRACKETS.match(plain)) and _role_alone(f"{inside[1]} "):
        plain = f"{inside[1]} {plain[inside.end() :]}"
    for role, shape in _INTRODUCED:
        if found := shape.match(plain):
            return role, plain[found.end() :].strip()
    return None, text


def _role_alone(text: str) -> bool:
    return any(shape.fullmatch(text) for _, shape in _INTRODUCED)
