"""Cards that were drawn, kept as files: drawing one takes a tenth of a second."""

import hashlib
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Lock

from flask import current_app

from app.i18n import current_language
from app.logs import log
from app.services.preview.cards import BookCard, CoverOf, ShelfCard, draw_book_card, draw_shelf_card
from app.services.preview.cover_picture import Lettered
from app.services.preview.fonts import find_typefaces, writable
from app.traditional import TRADITIONAL

VERSION = 1
"""Of the drawing; a new one makes all kept cards old."""
FOLDER = "cards"
"""Beside the pictures of books; not part of backups."""
KEPT = 16
"""Cards in each of the 256 folders: about 150 MB in all."""
PATIENCE = 5.0
"""Seconds for which a client waits for others' cards to be drawn."""
_lock = Lock()


class TooManyAtOnce(Exception):
    """Others' cards are being drawn."""


def fingerprint(card: BookCard | ShelfCard) -> str:
    """Return what changes if and only if the card does."""
    covers = [card.cover] if isinstance(card, BookCard) else card.covers
    said = VERSION, _fonts(), card, [_age_of(cover) for cover in covers]
    return hashlib.blake2b(repr(said).encode(errors="backslashreplace"), digest_size=16).hexdigest()


def find_card(mark: str) -> bytes | None:
    """Return the kept card with this fingerprint."""
    with suppress(OSError):
        return _path(mark).read_bytes()
    return None


def draw_card(card: BookCard | ShelfCard, mark: str) -> bytes:
    """Draw a card and keep it; one at a time in each process, whoever asks.

    :raises TooManyAtOnce: others' have not been drawn in time.
    """
    if not _lock.acquire(timeout=PATIENCE):
        raise TooManyAtOnce()
    try:
        content = draw_book_card(card, _fonts()) if isinstance(card, BookCard) else draw_shelf_card(card, _fonts())
    finally:
        _lock.release()
    try:
        _keep(_path(mark), content)
    except OSError as error:
        log.warning("card not kept", reason=type(error).__name__)
    return content


def _fonts() -> Lettered:
    return _fonts_of(current_app.config["FONT_PATH"], current_language() == TRADITIONAL)


@cache
def _fonts_of(own: str, is_traditional: bool) -> Lettered:
    fonts = Lettered(*(find_typefaces(own, is_bold, is_traditional) for is_bold in (True, False)))
    if not writable("书", fonts.bold):
        log.warning("no Chinese font: cards go without Chinese titles", mend="install one, or set FISHER_FONT_PATH")
    return fonts


def _age_of(cover: CoverOf) -> tuple[int, int] | None:
    with suppress(OSError):
        if cover.picture:
            known = cover.picture.stat()
            return known.st_mtime_ns, known.st_size
    return None


def _path(mark: str) -> Path:
    return Path(current_app.config["COVERS_PATH"]) / FOLDER / mark[:2] / f"{mark}.png"


def _keep(path: Path, content: bytes) -> None:
    """Write beside and rename, so that nobody reads half a card, and make room by removing the oldest."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
        try:
            part.write(content)
            part.flush()
            Path(part.name).replace(path)
        except OSError:
            Path(part.name).unlink(missing_ok=True)
            raise
    for old in sorted(path.parent.iterdir(), key=_time_of, reverse=True)[KEPT:]:
        old.unlink(missing_ok=True)


def _time_of(path: Path) -> float:
    with suppress(FileNotFoundError):
        return path.stat().st_mtime
    return 0.0
