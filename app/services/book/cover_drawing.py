"""The drawn cover: title and author on colours and a pattern that belong to the number of the book."""

import re
from dataclasses import dataclass
from zlib import crc32

from app.models.book import Book
from app.services.book.text_fitting import Lettering, fit, is_ideographic, printable

NATIONALITY = re.compile(r"^[\[(（【〔［][^\])）】〕］]{1,12}[\])）】〕］]\s*")
PATTERNS = ("moon", "waves", "frame", "hills", "lattice", "stripes", "label", "bound")
LABEL_LENGTH = 9


@dataclass(frozen=True)
class Palette:
    """Colours as #rrggbb: ground, figure on it, letters on both, and one accent."""

    ground: str
    figure: str
    ink: str
    accent: str


PALETTES = (
    Palette("#24364b", "#304863", "#f6ecd8", "#d98a63"),
    Palette("#8c3828", "#9c4836", "#fdf0df", "#f0c987"),
    Palette("#f1e7d2", "#e2d2b2", "#3a2c20", "#9c3b24"),
    Palette("#2f4a3d", "#3d5d4d", "#f2edda", "#dcab66"),
    Palette("#5f432f", "#71533c", "#f9eddb", "#e7c58b"),
    Palette("#c9d8cf", "#b2c7ba", "#1f332b", "#8a3d2a"),
    Palette("#5b2f45", "#6f4159", "#faece7", "#e9b29d"),
    Palette("#cfdde4", "#b6cad6", "#1e3346", "#a0452d"),
    Palette("#dcb273", "#cfa05c", "#33220f", "#7a2a1b"),
    Palette("#2b2a2c", "#3b3a3e", "#f3eee5", "#d4694b"),
    Palette("#e8cfc4", "#dbbbad", "#48231e", "#8c3426"),
    Palette("#1f4f55", "#2b6168", "#eff3e7", "#e7bb70"),
)


@dataclass(frozen=True)
class DrawnCover:
    """What `book/cover.svg` draws; `label` holds the characters of a title written downwards."""

    palette: Palette
    pattern: str
    title: Lettering
    author: Lettering
    label: Lettering
    language: str


def draw_cover(book: Book) -> DrawnCover:
    """Return the drawing of a book that has no picture; the same book always has the same one."""
    number = crc32(book.number.encode())
    title = printable(book.title)
    label = _downwards(title)
    patterns = PATTERNS if label.lines else [name for name in PATTERNS if name not in ("label", "bound")]
    return DrawnCover(
        palette=PALETTES[number % len(PALETTES)],
        pattern=patterns[number // len(PALETTES) % len(patterns)],
        title=fit(title, 192, 176, (50, 44, 38, 33, 28, 24, 21, 18)),
        author=fit(_author_line(book.authors), 192, 48, (18, 16)),
        label=label,
        language=book.language or "zh",
    )


def _downwards(title: str) -> Lettering:
    characters = list(title)
    if not 1 <= len(characters) <= LABEL_LENGTH or not all(is_ideographic(c) and c.isalpha() for c in characters):
        return Lettering(0, [])
    return Lettering(min(40, 190 // len(characters)), characters)


def _author_line(authors: list[str]) -> str:
    people = [NATIONALITY.sub("", printable(name)) for name in authors]
    joined = "".join(people)
    return ("、" if any(is_ideographic(char) for char in joined) else ", ").join(people)
