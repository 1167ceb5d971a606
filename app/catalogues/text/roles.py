"""What people did for a book: role codes of MARC and UNIMARC, their addresses, and the words of ten languages."""

import re
from enum import Enum


class Role(Enum):
    """What somebody did, as far as it matters here; who drew or introduced is OTHER."""

    AUTHOR = "author"
    TRANSLATOR = "translator"
    OTHER = "other"


HAN_TRANSLATES = "翻译|编譯|编译|译注|译著|校译|合译|译|譯"
HAN_WRITES = (
    "编著|編著|主编|主編|编撰|编纂|编写|合著|原著|著作|著|编|編|撰|续|續|绘著|绘图|绘|繪|插图|图|圖|审校|校订|校|摄影|整理|"
    "校注|注释|评注|选编|选|口述|作"
)
"""Whoever did one of these stands among the authors on Chinese title pages."""
HAN_WRITES_GLUED = "编著|主编|著|编|編|审校|绘|繪|(?<![学學高党院军夜])校"
"""Those that stand behind a name without a blank, and end no name."""

_TRANSLATOR_CODES = frozenset({"trl", "trn", "730"})
_AUTHOR_CODES = frozenset({"aut", "edt", "com", "cre", "070", "340", "220", "205"})
_OTHER_CODES = frozenset({"ilt", "ill", "nrt", "con", "eds"})
_TRANSLATES = re.compile(
    r"translat|\btr(?:ans)?\.?$|tradu[cçtz]|traduit|tradott|trad\.|übersetz|uebersetz|übers\.|übertr|"
    r"перевод|перев\.|перекла|^пер\.|vertaal|vertaling|vert\.|oversæt|overs[ea]tt|översätt|prze[kł]|tłum|přelož|översatt|"
    r"译|譯|翻訳|訳|옮김|옮긴|번역|ترجم|مترجم|çevir|çev\.",
    re.IGNORECASE,
)
_ASSISTS = r"illustrat|ilustra|introduc|narrat|foreword|preface|afterword|contribut"
_PROOFREADS = "审校|审订|校对|校订|校|proofreader"
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


_MAY_TRANSLATE = re.compile(rf"{_TRANSLATES.pattern}|\bпер\.|aus dem ", re.IGNORECASE)


def may_name_translator(text: str) -> bool:
    """Return whether it is worth while to look for translators in a statement of responsibility."""
    return bool(_MAY_TRANSLATE.search(text))


_REST_OF_WORD = r"(?:[^\W\d_\u2e80-\U0010ffff]*|者|이)\.?"


def _tags(*words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(words)}){_REST_OF_WORD}", re.IGNORECASE)


_TAGS = (
    (Role.TRANSLATOR, _tags(*_TRANSLATOR_CODES, "trl?|trans|translated by", HAN_TRANSLATES, _TRANSLATES.pattern)),
    (Role.OTHER, _tags(_PROOFREADS)),
    (Role.AUTHOR, _tags(*_AUTHOR_CODES, *_OTHER_CODES, "ed", HAN_WRITES, _ASSISTS, _WRITES.pattern)),
)


def role_in_brackets(tag: str) -> Role | None:
    """Return the role of which the brackets beside a name say nothing but it: `(Translator)`, `[ILT]`, `（审校）`.

    Who drew or introduced a book counts as its author there, as on title pages; only who read its proofs is OTHER.
    """
    return next((role for role, words in _TAGS if words.fullmatch(tag)), None)


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
