"""Text as catalogues send it (HTML, entities, doubly escaped line breaks, stray control characters) made plain."""

from __future__ import annotations

import html
import re
import unicodedata

LONGEST_TEXT = 20_000

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>=]*=[^<>]*|\s*/?)>")
_ESCAPED_BREAK = re.compile(r"(?:\\r)?\\n|\\r")
_LINE_TAGS = frozenset({"br", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote"})
_KNOWN_TAGS = _LINE_TAGS | {
    "p", "a", "b", "i", "u", "em", "strong", "span", "font", "small", "big", "sup", "sub", "table", "td", "th", "tbody",
    "img", "hr", "center", "cite", "q", "s", "pre", "code", "html", "body", "head", "title", "section", "article",
    "dl", "dt", "dd", "script", "style",
}  # fmt: skip
_SILENT_TAGS = frozenset({"script", "style"})


def clean_text(value: object, longest: int = LONGEST_TEXT) -> str:
    """Running text with line breaks kept and markup gone; `value` is text or Open Library's `{"value": text}`.

    At most `longest` characters; anything that is not text is "".
    """
    if isinstance(value, dict):
        value = value.get("value")
    if not isinstance(value, str):
        return ""
    if len(value) <= longest and _is_plain(value):
        return _plain_line(value)
    text = _ESCAPED_BREAK.sub("\n", value[: 4 * longest]).replace("\\t", " ")
    text = _printable(html.unescape(_without_markup(text)))
    lines = (" ".join(line.split()) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()[:longest].rstrip()


def clean_line(value: object, longest: int = 250) -> str:
    """One line of text without markup; blanks of every kind become one space. Anything not text is ""."""
    if isinstance(value, str) and len(value) <= longest and _is_plain(value):
        return _plain_line(value)[:longest].rstrip()
    return " ".join(clean_text(value, 4 * longest).split())[:longest].rstrip()


def plain_text(text: str) -> str:
    """Text that was cleaned before, as it is but for what no database takes."""
    return _printable(text)


def _is_plain(text: str) -> bool:
    """Whether only blanks may be too many: most values are such, and imports bring millions of them."""
    return "<" not in text and "&" not in text and "\\" not in text and text.isprintable()


def _plain_line(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    return " ".join(composed.split()) if "  " in composed else composed.strip()


def _without_markup(text: str) -> str:
    """Drop known tags; a `<` that opens no known tag stays, so that "a<b" in a maths book survives."""
    kept: list[str] = []
    end = 0
    silent = ""
    for tag in _TAG.finditer(text):
        closing, name = tag.group(1), tag.group(2).lower()
        if name not in _KNOWN_TAGS or (silent and name != silent):
            continue
        if not silent:
            kept.append(text[end : tag.start()])
        kept.append("\n\n" if name == "p" else "\n" if name in _LINE_TAGS else "")
        silent = name if name in _SILENT_TAGS and not closing else ""
        end = tag.end()
    if not silent:
        kept.append(text[end:])
    return "".join(kept)


def _printable(text: str) -> str:
    """Without control, format and lone surrogate characters, which databases and JSON readers refuse."""
    composed = unicodedata.normalize("NFC", text)
    if composed.isprintable():
        return composed
    return "".join(c for c in composed if c in "\n\r\t" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Cn"})
