"""Parses what a reader typed: an ISBN or a part of one, and words as full-text expressions.

Nothing that a reader types reaches the full-text engine as syntax, because each token is quoted.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from app.rules.book import isbn as isbn_rules
from app.rules.book.normalise import normalise
from app.search.text.tokens import (
    NUMBER_WORDS,
    canonical,
    is_cjk,
    join_runs,
    one_spelling,
    pairs,
    split_runs,
    written_runs,
)

_LONGEST_TEXT = 200
_MOST_WORDS = 8
_LONGEST_RUN = 24
_ISBN_SHAPE = re.compile(r"[\d\-‐‑–—\s]{3,23}[\dx]")
FUNCTION_WORDS = frozenset(
    (
        *("a", "an", "and", "as", "at", "by", "for", "from", "in", "is", "it", "of", "on", "or", "the", "to", "with"),
        *("d", "l"),  # l'art d'aimer
    )
)
_ARTICLES = ("the ", "a ", "an ")
_U_WITH_DOTS = re.compile("[üǖǘǚǜ]", re.IGNORECASE)
_NO_TONES = str.maketrans("", "", "12345")
_WITH_TONES = re.compile(r"(?:[a-z]{1,6}[1-5]){2,}")


@dataclass(frozen=True)
class Query:
    """A parsed query; `runs` are its words in order, `key` is comparable with a stored title.

    `sounds` are the same words in the spelling of stored pinyin: v for ü, without tones. `last_written` is the last one
    as it was typed, even if it is a number word. `text` is all that was typed.
    """

    runs: tuple[str, ...]
    key: str
    sounds: tuple[str, ...] = ()
    isbn: int | None = None
    isbn_range: tuple[int, int] | None = None
    last_written: str = ""
    text: str = ""

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The distinct words searched for; function words only if there are no others."""
        words = tuple(dict.fromkeys(self.runs))
        return (tuple(word for word in words if word not in FUNCTION_WORDS) or words)[:_MOST_WORDS]

    @cached_property
    def title_keys(self) -> list[str]:
        """The titles that count as equal to the query: with any article in front, or none."""
        if self.words and all(word in FUNCTION_WORDS for word in self.words):
            return [self.key]
        bare = next((self.key[len(article) :] for article in _ARTICLES if self.key.startswith(article)), self.key)
        articles = _ARTICLES if bare.isascii() and self.runs else ()
        return list(dict.fromkeys([self.key, bare, *(article + bare for article in articles)]))

    @cached_property
    def all_words(self) -> str:
        """The expression for books with all words."""
        return " AND ".join(map(_expression, self.words))

    @cached_property
    def tokens(self) -> list[str]:
        """The tokens of all words."""
        return [token for word in self.words for token in (_pairs(word) if is_cjk(word) else [word])]

    @cached_property
    def typing(self) -> str | None:
        """The same with the last word as a prefix, or nothing if that makes no difference."""
        last = self.runs[-1] if self.runs else ""
        if not last or is_cjk(last) or (len(last) < 2 and len(self.words) > 1):
            return None
        return f"{self.before_last} AND {self.beginning}" if self.before_last else self.beginning

    @property
    def beginning(self) -> str:
        """The expression for words that begin with the last one: `ten` is both a number and the beginning of tennis."""
        last = self.last_written
        numbers = {digits for word, digits in NUMBER_WORDS.items() if word.startswith(last) and len(last) > 2}
        others = {self.runs[-1], *numbers} - {last}
        written = f'"{last}"*'
        return f"({' OR '.join([written, *(_expression(one) for one in sorted(others))])})" if others else written

    @cached_property
    def before_last(self) -> str:
        """The expression for all words but the last; empty for one word."""
        return " AND ".join(_expression(word) for word in self.words if word != self.runs[-1])

    @cached_property
    def phrase(self) -> str | None:
        """The expression for all words as a phrase, for two or more words written with spaces."""
        if len(self.runs) < 2 or any(is_cjk(run) for run in self.runs):
            return None
        return '"' + " ".join(self.runs[: 2 * _MOST_WORDS]) + '"'

    @cached_property
    def letters(self) -> str:
        """The query as letters and digits without spaces if it could be pinyin, else nothing."""
        return "".join(self.sounds) if all(run.isascii() for run in self.sounds) else ""


def parse_query(text: str) -> Query:
    """Parse a text; any text is accepted. Without a letter or digit it searches for titles of symbols only."""
    text = text[:_LONGEST_TEXT]
    written = written_runs(text)[: 4 * _MOST_WORDS]
    runs = one_spelling(written)
    number = isbn_rules.parse(text)
    return Query(
        runs=tuple(runs),
        key=join_runs(runs) or canonical(text),
        sounds=tuple(_sounds(text, runs)),
        isbn=int(number) if number else None,
        isbn_range=None if number else _isbn_range(text),
        last_written=written[-1] if written else "",
        text=text,
    )


def _sounds(text: str, runs: list[str]) -> list[str]:
    if not text.isascii():
        typed = _U_WITH_DOTS.sub("v", unicodedata.normalize("NFC", text))
        return split_runs(typed)[: len(runs)] if "v" in typed else runs
    return [run.translate(_NO_TONES) for run in runs] if _WITH_TONES.fullmatch("".join(runs)) else runs


def _isbn_range(text: str) -> tuple[int, int] | None:
    """Return the range of ISBNs that begin with the text; from seven digits on, the 978 may be omitted.

    The last digit of a whole number is the check digit: if it is wrong, the others still identify the book.
    """
    folded = isbn_rules.PREFIX.sub("", normalise(text))
    digits = re.sub(r"[^\dx]", "", folded)
    if not _ISBN_SHAPE.fullmatch(folded) or not 4 <= len(digits) <= 13:
        return None
    is_full = digits.startswith(("978", "979"))
    if not is_full and not 7 <= len(digits) <= 10:
        return None
    known = digits[:12] if is_full else "978" + digits[:9]
    known = known.replace("x", "")
    width: int = 10 ** (13 - len(known))
    return int(known) * width, (int(known) + 1) * width - 1


def _expression(word: str) -> str:
    if not is_cjk(word):
        return f'"{word}"'
    if len(word) == 1:
        return f'"{word}"*'
    return '"' + " ".join(_pairs(word)) + '"'


def _pairs(word: str) -> list[str]:
    return pairs(word[:_LONGEST_RUN])


def prefix_ranges(key: str) -> list[tuple[str, str]]:
    """Return the ranges of longer titles that begin with `key`; a Latin word is not cut in two."""
    if is_cjk(key[-1]):
        return [(key + "!", key + "\U0010ffff")]
    return [(key + " ", key + "!"), (key + "\u3005", key + "\U0010ffff")]
