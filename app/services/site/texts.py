"""The texts of a site's operator: Markdown files in `TEXTS_PATH`, or those that come with the site.

A file is called after the text and its language: `rules.zh.md`. A text of the operator's own wins over those that come
with the site, even in another language, because the two would contradict each other. In traditional Chinese it is
made from the simplified one, unless the operator has written it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path
from string import Template

import mistune
import nh3
from flask import current_app
from markupsafe import Markup

from app.logs import log
from app.traditional import SIMPLIFIED, TRADITIONAL, to_traditional

PAGES = ("about", "how-it-works", "rules", "privacy", "contact")
"""The texts that have a page of their own; each comes with the site in every language."""
ANNOUNCEMENT, MAINTENANCE = "announcement", "maintenance"
"""Texts that only an operator writes: one stands on every page, the other in place of all pages."""
LONGEST_FILE = 200_000
"""Bytes of a file that are read."""
TAGS = {
    *(
        "h1",
        "h2",
        "h3",
        "p",
        "ul",
        "ol",
        "li",
        "blockquote",
        "pre",
        "hr",
        "br",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    ),
    *("a", "strong", "em", "del", "code"),
}
"""What may be in a text; everything else is left out."""
_HEADING = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)
_ADDRESS = re.compile(r"(\]\([^)]*\)|<[^>]*>|https?://\S+)")
"""What is left as it is in another script."""
OUR_OWN = Path(__file__).parent / "texts"

_to_html = mistune.create_markdown(escape=False, plugins=["table", "strikethrough", "url"])


@dataclass(frozen=True, slots=True)
class Text:
    """A text as HTML without scripts, styles and pictures; `title` is its first heading, in HTML as well."""

    language: str
    title: Markup
    html: Markup


Words = Callable[[], dict[str, str]]
"""Returns what takes the place of each `$name` in a text."""


def find_text(name: str, language: str, words: Words) -> Text | None:
    """Return a text in this language, or else in one of the others; None if there is none, as of an announcement."""
    own = current_app.config["TEXTS_PATH"]
    folders = [*([own] if own else []), *([OUR_OWN] if name in PAGES else [])]
    languages = [language, *(other for other in current_app.config["LANGUAGES"] if other != language)]
    sources = [(one, source) for one in languages for source in _sources(one)]
    for folder, (found, source) in product(folders, sources):
        html = _read(Path(folder, f"{name}.{source}.md"), words, found != source)
        if html is not None:
            title = _HEADING.search(html)
            rest = _HEADING.sub("", html, count=1)
            return Text(found, Markup(title[1] if title else ""), Markup(rest))  # noqa: S704 -- cleaned by nh3
    return None


def is_closed() -> bool:
    """Return whether the operator has closed the site for maintenance, by writing why."""
    folder = current_app.config["TEXTS_PATH"]
    return bool(folder) and any(
        (Path(folder) / f"{MAINTENANCE}.{source}.md").exists()
        for language in current_app.config["LANGUAGES"]
        for source in _sources(language)
    )


def _sources(language: str) -> tuple[str, ...]:
    """Return the languages of the files of which a text in this one is made, best first."""
    return (TRADITIONAL, SIMPLIFIED) if language == TRADITIONAL else (language,)


def _read(path: Path, words: Words, is_converted: bool) -> str | None:
    """Return a file as HTML; None if there is none, or nothing in it."""
    try:
        state = path.stat()
        return _render(path, state.st_mtime_ns, state.st_size, tuple(words().items()), is_converted) or None
    except FileNotFoundError:
        return None
    except OSError as error:
        log.warning("a text of the site can not be read", file=path.name, reason=error.strerror)
        return None


@lru_cache(maxsize=64)
def _render(path: Path, _changed: int, _size: int, words: tuple[tuple[str, str], ...], is_converted: bool) -> str:
    with path.open("rb") as file:
        text = file.read(LONGEST_FILE).decode("utf-8-sig", errors="replace")
    if is_converted:
        text = "".join(part if _ADDRESS.match(part) else to_traditional(part) for part in _ADDRESS.split(text))
    html = str(_to_html(Template(text).safe_substitute(dict(words))))
    return nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"}).strip()
