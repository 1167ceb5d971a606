"""Drawing the cards: pictures of 1200 × 630 pixels, as chat programs show them with a link (Open Graph, ogp.me)."""

import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

from app.services.book.cover_drawing import DrawnCover
from app.services.book.text_fitting import LINE_HEIGHT, Lettering, fit
from app.services.preview.cover_picture import Lettered, draw_picture, open_cover
from app.services.preview.fonts import Typefaces, width_in, writable, write
from app.static_files import SOURCE

WIDTH, HEIGHT = 1200, 630
MIMETYPE = "image/png"
PAPER, INK, SOFT, LINE, SEAL, ON_SEAL = "#faf6ee", "#2a2520", "#655a4f", "#e5dbcb", "#9c3b24", "#fffaf3"
SHADE = (73, 49, 24)
EDGE = 72
"""How far everything stays from the edge, because some programs cut it off."""
MARK, SEAL_HEIGHT, BOARD = 44, 66, 500
"""The width of the mark of the site, the height of the red label, and where the board is on which books stand."""
COLOURS = 256
"""A picture of more colours would be three times as large, and chat programs refuse pictures of 300 kB."""


@dataclass(frozen=True)
class CoverOf:
    """The cover of a book: its picture in our store, if there is one, and what is drawn if not."""

    picture: Path | None
    drawn: DrawnCover


@dataclass(frozen=True)
class BookCard:
    """What the card of a book shows; `had` says how many copies are to be had, and is empty if there are none.

    `number` says the same without letters, for when there are no fonts for those.
    """

    cover: CoverOf
    title: str
    author: str
    had: str
    number: str
    site: str


@dataclass(frozen=True)
class ShelfCard:
    """A card with covers in a row: of a reader, or of the site."""

    heading: str
    line: str
    covers: tuple[CoverOf, ...]
    site: str


MOST_COVERS = 5
"""Covers on the card of a shelf."""


def draw_book_card(card: BookCard, fonts: Lettered) -> bytes:
    """Return the card of a book as PNG."""
    image, draw = _new_card()
    cover = _picture_of(card.cover, 324, 486, fonts)
    has_words = writable(card.title, fonts.bold) or writable(card.author, fonts.plain)
    middle = EDGE + 324 // 2 if has_words else WIDTH // 2
    _lay(image, cover, middle - cover.width // 2, (HEIGHT - cover.height) // 2)
    left, width = EDGE + 324 + 60, WIDTH - EDGE - 324 - 60 - EDGE
    y = _write_block(draw, card.title, fonts.bold, (left, 84), (width, 230), (76, 64, 54, 46, 40), INK)
    _write_block(draw, card.author, fonts.plain, (left, y + 20), (width, 84), (34, 30), SOFT)
    seal = (left, 440) if has_words else (WIDTH // 2 + 324 // 2 + 48, (HEIGHT - SEAL_HEIGHT) // 2)
    _write_seal(image, writable(card.had, fonts.bold) or writable(card.number, fonts.bold), fonts.bold, seal)
    _sign(image, card.site, fonts, (left if has_words else EDGE, HEIGHT - EDGE + 18 - MARK))
    return _as_png(image)


def draw_shelf_card(card: ShelfCard, fonts: Lettered) -> bytes:
    """Return the card of a shelf as PNG; a reader without books has one without covers."""
    image, draw = _new_card()
    y = _write_block(draw, card.heading, fonts.bold, (EDGE, 66), (WIDTH - 2 * EDGE, 80), (58, 48, 40, 34), INK)
    _write_block(draw, card.line, fonts.plain, (EDGE, y + 10), (WIDTH - 2 * EDGE, 46), (32, 28, 24), SOFT)
    if not card.covers:
        _lay_mark(image, 200, ((WIDTH - 200) // 2, 236))
    step = (WIDTH - 2 * EDGE + 24) // MOST_COVERS
    draw.rectangle((EDGE - 20, BOARD, WIDTH - EDGE + 20, BOARD + 7), fill=LINE)
    for place, cover in enumerate(card.covers[:MOST_COVERS]):
        picture = _picture_of(cover, step - 24, 280, fonts)
        _lay(image, picture, EDGE + place * step + (step - 24 - picture.width) // 2, BOARD - picture.height)
    _sign(image, card.site, fonts, (EDGE, BOARD + 40))
    return _as_png(image)


def _new_card() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, WIDTH, 11), fill=SEAL)
    return image, draw


def _picture_of(cover: CoverOf, width: int, height: int, fonts: Lettered) -> Image.Image:
    found = open_cover(cover.picture, width, height) if cover.picture else None
    return found or draw_picture(cover.drawn, min(width, height * 2 // 3), fonts)


def _lay(image: Image.Image, cover: Image.Image, x: int, y: int) -> None:
    """Put a cover on the card, with a shadow."""
    blur = 12
    shade = Image.new("L", (cover.width + 4 * blur, cover.height + 4 * blur))
    shade.paste(90, (2 * blur, 2 * blur, 2 * blur + cover.width, 2 * blur + cover.height))
    shade = shade.filter(ImageFilter.BoxBlur(blur // 2)).filter(ImageFilter.BoxBlur(blur // 2))
    image.paste(Image.new("RGB", shade.size, SHADE), (x - 2 * blur, y - 2 * blur + 8), shade)
    image.paste(cover, (x, y))


def _write_block(
    draw: ImageDraw.ImageDraw,
    text: str,
    faces: Typefaces,
    at: tuple[int, int],
    room: tuple[int, int],
    sizes: tuple[int, ...],
    fill: str,
) -> int:
    """Write a text into a box, cut if it is too long, and return where it ends; the same if it cannot be written."""
    said = writable(text, faces)
    if not said:
        return at[1]
    block = _fitted(said, faces, room, sizes)
    leading = block.size * LINE_HEIGHT
    for place, line in enumerate(block.lines):
        write(draw, (at[0], at[1] + leading * place + block.size), line, faces, block.size, fill)
    return round(at[1] + leading * len(block.lines))


def _fitted(text: str, faces: Typefaces, room: tuple[int, int], sizes: tuple[int, ...]) -> Lettering:
    """Return the text at the largest size at which it fits with these fonts, of which `fit` only guesses the widths."""
    width, height = room
    block = fit(text, width, height, sizes)
    widest = max(width_in(line, faces, block.size) for line in block.lines)
    return block if widest <= width else Lettering(int(block.size * width / widest), block.lines)


def _write_seal(image: Image.Image, line: str, faces: Typefaces, at: tuple[int, int]) -> None:
    """Write some words on a red label."""
    if not line:
        return
    x, y = at
    width, finer = round(48 + width_in(line, faces, 34)), 4
    label = Image.new("L", (width * finer, SEAL_HEIGHT * finer))
    ImageDraw.Draw(label).rounded_rectangle((0, 0, label.width - 1, label.height - 1), radius=12 * finer, fill=255)
    image.paste(Image.new("RGB", (width, SEAL_HEIGHT), SEAL), at, label.reduce(finer))
    write(ImageDraw.Draw(image), (x + 24, y + 45), line, faces, 34, ON_SEAL)


def _sign(image: Image.Image, site: str, fonts: Lettered, at: tuple[int, int]) -> None:
    """Draw the mark of the site and its name, or those words of it for which there are letters."""
    x, y = at
    _lay_mark(image, MARK, at)
    name = " ".join(word for part in site.split() if (word := writable(part, fonts.bold)))
    write(ImageDraw.Draw(image), (x + MARK + 14, y + 32), name, fonts.bold, 26, INK)


def _lay_mark(image: Image.Image, width: int, at: tuple[int, int]) -> None:
    mark = _mark_of(width)
    image.paste(mark, at, mark)


@cache
def _mark_of(width: int) -> Image.Image:
    with Image.open(SOURCE / "icon-512.png") as icon:
        return icon.convert("RGBA").resize((width, width), Image.Resampling.LANCZOS)


def _as_png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.quantize(COLOURS, Image.Quantize.MEDIANCUT).save(file, "PNG", compress_level=6)
    return file.getvalue()
