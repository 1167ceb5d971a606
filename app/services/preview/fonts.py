"""Lettering for pictures: the fonts of the system, because the site brings none of its own.

Whatever fonts there are, no text is written with boxes in the place of letters: see `writable`.
"""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageDraw, ImageFont, features

from app.services.book.text_fitting import printable

FOLDERS = (
    "~/.local/share/fonts", "~/.fonts", "/usr/local/share/fonts", "/usr/share/fonts",
    "/Library/Fonts", "/System/Library/Fonts", "C:/Windows/Fonts",
)  # fmt: skip
FAMILIES = (
    r"NotoSerif(CJK|SC|TC)|SourceHanSerif",
    r"Songti|STSong|simsun|uming",
    r"NotoSans(CJK|SC|TC)|SourceHanSans",
    r"PingFang|Hiragino Sans GB|STHeiti|msyh|simhei|wqy-|DroidSansFallback",
    r"NotoSerif-|DejaVuSerif-|DejaVuSerif\.|LiberationSerif-|Georgia|times",
    r"NotoSans-|DejaVuSans-|DejaVuSans\.|LiberationSans-|arial",
)
"""Names of font files, best first; the last two have no Chinese letters, but others that the first lack."""
MOST_FACES = 8
"""Languages or weights in one font file that are looked through."""
_KINDS = {".ttc", ".otf", ".ttf", ".otc"}
_FAR = re.compile("Italic|Oblique|Mono|Condensed|Thin|Light|Black|Medium", re.IGNORECASE)
_BOLD = re.compile(r"Bold|bd\b", re.IGNORECASE)
_SIMPLIFIED, _TRADITIONAL = re.compile(r"(?<![A-Z])(SC|CN|GB)(?![A-Z])"), re.compile(r"(?<![A-Z])(TC|TW)(?![A-Z])")
"""The letters of a script have other shapes in the fonts of the other."""
_NO_LETTER = "\U0010ffff"
_TRIED_SIZE = 20


@dataclass(frozen=True)
class Typeface:
    """A font of a file; without a path, the one that comes with Pillow, which has Latin letters and digits."""

    path: str = ""
    index: int = 0

    def at(self, size: int) -> ImageFont.FreeTypeFont:
        """Return it at a size in pixels."""
        return _open(self.path, self.index, size)

    def has(self, char: str) -> bool:
        """Return whether it has a letter."""
        return _has(self, char)


Typefaces = tuple[Typeface, ...]


@lru_cache(maxsize=8)
def find_typefaces(own: str, is_bold: bool, is_traditional: bool = False) -> Typefaces:
    """Return the fonts with which texts are written, in the order in which they are tried for each letter.

    `own` is a font file, or a folder of them, that comes before those of the system; empty if there is none.
    """
    script, other = (_TRADITIONAL, _SIMPLIFIED) if is_traditional else (_SIMPLIFIED, _TRADITIONAL)
    found = _fonts_in(Path(own)) if own else []
    system = [path for folder in FOLDERS for path in _fonts_in(Path(folder).expanduser())]
    found += [
        min(named, key=lambda path: (bool(other.search(path.stem)), *_distance(path, is_bold)))
        for named in _by_family(system)
        if named
    ]
    faces = (_face_of(path, script) for path in found)
    return (*(face for face in faces if face), Typeface())


def writable(text: str, faces: Typefaces) -> str:
    """Return a text as it can be written: in one line, and without the signs that no font has.

    Accents that no font has are left out. Empty if a letter is missing: a text with gaps would say something else.
    """
    line = printable(text)
    if any(unicodedata.bidirectional(char) in ("R", "AL") for char in line):
        # What is written from right to left is arranged by a library, and not in parts.
        whole = features.check("raqm") and any(_has_all(face, line) for face in faces)
        return line if whole else ""
    kept = []
    for char in line:
        if char == " " or _is_in_any(char, faces):
            kept.append(char)
            continue
        bare = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
        if bare and all(_is_in_any(c, faces) for c in bare):
            kept.append(bare)
        elif unicodedata.category(char)[0] in "LN":
            return ""
    return " ".join("".join(kept).split())


def width_in(line: str, faces: Typefaces, size: int) -> float:
    """Return how wide a line is, in pixels."""
    return sum(face.at(size).getlength(part) for face, part in _runs(line, faces))


def write(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], line: str, faces: Typefaces, size: int, fill: str
) -> None:
    """Write a line; `at` is where its baseline begins, in pixels."""
    x, y = at
    for face, part in _runs(line, faces):
        font = face.at(size)
        draw.text((x, y), part, fill=fill, font=font, anchor="ls")
        x += font.getlength(part)


def _runs(line: str, faces: Typefaces) -> Iterator[tuple[Typeface, str]]:
    """Yield the parts of a line, each with the first font that has its letters."""
    whole = next((face for face in faces if _has_all(face, line)), None)
    if whole:
        yield whole, line
        return
    part, used = "", faces[-1]
    for char in line:
        face = used if char == " " else next((face for face in faces if face.has(char)), faces[-1])
        if part and face != used:
            yield used, part
            part = ""
        part, used = part + char, face
    if part:
        yield used, part


def _has_all(face: Typeface, line: str) -> bool:
    return all(char == " " or face.has(char) for char in line)


def _is_in_any(char: str, faces: Typefaces) -> bool:
    return any(face.has(char) for face in faces)


@lru_cache(maxsize=20_000)
def _has(face: Typeface, char: str) -> bool:
    shape = face.at(_TRIED_SIZE).getmask(char)
    return bool(shape.size[0] and shape.size[1]) and (shape.size, bytes(shape)) != _box_of(face)


@lru_cache(maxsize=32)
def _box_of(face: Typeface) -> tuple[tuple[int, int], bytes]:
    """Return what a font shows for a letter that it does not have."""
    shape = face.at(_TRIED_SIZE).getmask(_NO_LETTER)
    return shape.size, bytes(shape)


@lru_cache(maxsize=200)
def _open(path: str, index: int, size: int) -> ImageFont.FreeTypeFont:
    # `truetype` would look for the name of a file that it cannot read in other folders.
    font = ImageFont.FreeTypeFont(path, size, index) if path else ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)  # noqa: S101  (Pillow is never without FreeType)
    return font


def _face_of(path: Path, script: re.Pattern[str]) -> Typeface | None:
    """Return the font of a file, of several the one of a Chinese script; None for a file that is none."""
    first = None
    for index in range(MOST_FACES):
        with suppress(OSError):
            name = _open(str(path), index, _TRIED_SIZE).getname()[0] or ""
            face = Typeface(str(path), index)
            first = first or face
            if script.search(name):
                return face
            continue
        break
    return first


def _fonts_in(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    return sorted(path for path in place.rglob("*") if path.suffix.lower() in _KINDS)


def _by_family(files: list[Path]) -> Iterator[list[Path]]:
    for family in FAMILIES:
        pattern = re.compile(family, re.IGNORECASE)
        yield [path for path in files if pattern.match(path.name)]


def _distance(path: Path, is_bold: bool) -> tuple[bool, bool, str]:
    """Return how far a font is from what is sought, for sorting."""
    return bool(_FAR.search(path.stem)), bool(_BOLD.search(path.stem)) != is_bold, path.name
