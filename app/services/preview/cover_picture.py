"""Covers as pictures of pixels: those of our own store, and the drawn ones, which pages show as `book/cover.svg`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, UnidentifiedImageError

from app.services.book.cover_drawing import DrawnCover, Palette
from app.services.book.text_fitting import LINE_HEIGHT
from app.services.preview.fonts import Typefaces, width_in, writable, write

WIDTH, HEIGHT = 240, 360
"""Units of the drawing, as in `book/cover.svg`."""
FINER = 2
"""How much finer shapes are drawn than shown, because Pillow draws them with steps."""
FOLD_WIDTH = 16
Point = tuple[float, float]


@dataclass(frozen=True)
class Lettered:
    """The fonts of a cover: for its title and for its author."""

    bold: Typefaces
    plain: Typefaces


def open_cover(path: Path, width: int, height: int) -> Image.Image | None:
    """Return a picture of our store, as large as fits into a box; None if it can not be read."""
    try:
        with Image.open(path, formats=("WEBP",)) as picture:
            cover = picture.convert("RGB")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        return None
    scale = min(width / cover.width, height / cover.height)
    return cover.resize(
        (max(1, round(cover.width * scale)), max(1, round(cover.height * scale))), Image.Resampling.LANCZOS
    )


def draw_picture(cover: DrawnCover, width: int, fonts: Lettered) -> Image.Image:
    """Return a drawn cover `width` pixels wide; texts for which there are no letters are left out."""
    scale = width * FINER / WIDTH
    image = Image.new("RGB", (width * FINER, round(HEIGHT * scale)), cover.palette.ground)
    pen = _Pen(image, scale)
    _PATTERNS[cover.pattern](pen, cover.palette)
    if cover.pattern in ("label", "bound"):
        _write_downwards(pen, cover, fonts)
    else:
        _write_title(pen, cover, fonts)
    _write_author(pen, cover, fonts)
    _darken_fold(image, scale)
    return image.resize((width, round(width * HEIGHT / WIDTH)), Image.Resampling.BOX)


class _Pen:
    """Draws in the units of the drawing."""

    def __init__(self, image: Image.Image, scale: float) -> None:
        self.image, self.scale, self.draw = image, scale, ImageDraw.Draw(image)

    def disc(self, x: float, y: float, radius: float, fill: str) -> None:
        box = (x - radius, y - radius, x + radius, y + radius)
        self.draw.ellipse([value * self.scale for value in box], fill=fill)

    def line(self, points: list[Point], fill: str, width: float = 1) -> None:
        self.draw.line(self.scaled(points), fill=fill, width=max(1, round(width * self.scale)))

    def frame(self, x: float, y: float, width: float, height: float, fill: str, thick: float) -> None:
        half = thick / 2
        box = (x - half, y - half, x + width + half, y + height + half)
        self.draw.rectangle([v * self.scale for v in box], outline=fill, width=max(1, round(thick * self.scale)))

    def sheet(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        self.draw.rectangle([v * self.scale for v in (x, y, x + width, y + height)], fill=fill)

    def shape(self, points: list[Point], fill: str) -> None:
        self.draw.polygon(self.scaled(points), fill=fill)

    def text(self, x: float, y: float, line: str, faces: Typefaces, size: float, fill: str, is_middle: bool) -> None:
        pixels = round(size * self.scale)
        at = x * self.scale - (width_in(line, faces, pixels) / 2 if is_middle else 0)
        write(self.draw, (at, y * self.scale), line, faces, pixels, fill)

    def scaled(self, points: list[Point]) -> list[Point]:
        return [(x * self.scale, y * self.scale) for x, y in points]

    def tile(self, tile: Image.Image, top: float, bottom: float) -> None:
        """Cover the picture from `top` to `bottom` with copies of a tile that began at the corner of the drawing."""
        first, last = round(top * self.scale), round(bottom * self.scale)
        for y in range(first // tile.height * tile.height, last, tile.height):
            for x in range(0, self.image.width, tile.width):
                above = max(0, first - y)
                part = tile.crop((0, above, tile.width, min(tile.height, last - y)))
                self.image.paste(part, (x, y + above))


def _moon(pen: _Pen, colours: Palette) -> None:
    pen.disc(176, 246, 92, colours.figure)
    pen.line([(24, 40), (72, 40)], colours.accent, 4)


def _waves(pen: _Pen, colours: Palette) -> None:
    tile = Image.new("RGB", (round(40 * pen.scale), round(20 * pen.scale)), colours.ground)
    small = _Pen(tile, pen.scale)
    for x, y in ((0, 20), (40, 20), (20, 30), (0, 40), (40, 40)):
        for radius in (18, 12, 6):
            small.disc(x, y, radius + 1.25, colours.figure)
            small.disc(x, y, radius - 1.25, colours.ground)
    pen.tile(tile, 240, 360)
    pen.line([(24, 40), (72, 40)], colours.accent, 4)


def _frame(pen: _Pen, colours: Palette) -> None:
    pen.frame(11, 11, 218, 338, colours.accent, 2.5)
    pen.frame(16, 16, 208, 328, colours.accent, 1)
    pen.shape([(120, 248), (128, 256), (120, 264), (112, 256)], colours.accent)


def _hills(pen: _Pen, colours: Palette) -> None:
    pen.disc(186, 238, 22, colours.accent)
    far = [*_curve((0, 300), (50, 226), (96, 272)), *_curve((96, 272), (142, 318), (172, 268))]
    pen.shape([*far, *_curve((172, 268), (202, 218), (240, 250)), (240, 360), (0, 360)], colours.figure)
    near = [*_curve((0, 318), (70, 272), (128, 310)), *_curve((128, 310), (186, 348), (240, 300))]
    pen.shape([*near, (240, 360), (0, 360)], _mixed(colours.figure, colours.ground, 0.55))


def _lattice(pen: _Pen, colours: Palette) -> None:
    tile = Image.new("RGB", (round(30 * pen.scale), round(30 * pen.scale)), colours.ground)
    small = _Pen(tile, pen.scale)
    small.line([(0, 15), (30, 15)], colours.figure, 2)
    small.line([(15, 0), (15, 30)], colours.figure, 2)
    small.frame(7, 7, 16, 16, colours.figure, 2)
    pen.tile(tile, 0, 32)
    pen.tile(tile, 328, 360)
    for y in (34, 326):
        pen.line([(0, y), (240, y)], colours.accent, 2)


def _stripes(pen: _Pen, colours: Palette) -> None:
    for y in (250, 262, 274):
        pen.line([(0, y), (240, y)], colours.figure, 6)
    pen.line([(24, 238), (216, 238)], colours.accent, 3)


def _label(pen: _Pen, colours: Palette) -> None:
    for radius, fill in ((66, colours.figure), (48, colours.ground), (30, colours.figure)):
        pen.disc(92, 196, radius, fill)


def _bound(pen: _Pen, colours: Palette) -> None:
    pen.line([(26, 0), (26, 360)], colours.accent, 2)
    for y in (24, 128, 232, 336):
        pen.line([(0, y), (26, y)], colours.accent, 2)


_PATTERNS: dict[str, Callable[[_Pen, Palette], None]] = {
    "moon": _moon, "waves": _waves, "frame": _frame, "hills": _hills,
    "lattice": _lattice, "stripes": _stripes, "label": _label, "bound": _bound,
}  # fmt: skip


def _write_downwards(pen: _Pen, cover: DrawnCover, fonts: Lettered) -> None:
    size, characters, colours = cover.label.size, cover.label.lines, cover.palette
    if not writable("".join(characters), fonts.bold):
        return
    x = 190 if cover.pattern == "label" else 186
    height = size * len(characters) * 1.1
    pen.sheet(x - 29, 24, 58, height + 30, colours.ink)
    pen.frame(x - 25, 28, 50, height + 22, colours.ground, 1.5)
    for place, char in enumerate(characters):
        pen.text(x, 38 + size * (place * 1.1 + 0.9), char, fonts.bold, size, colours.ground, True)


def _write_title(pen: _Pen, cover: DrawnCover, fonts: Lettered) -> None:
    is_middle, size = _is_middle(cover), cover.title.size
    leading = size * LINE_HEIGHT
    top = 144 - leading * len(cover.title.lines) / 2 if is_middle else 54
    if not writable("".join(cover.title.lines), fonts.bold):
        return
    for place, line in enumerate(cover.title.lines):
        said = writable(line, fonts.bold)
        pen.text(
            120 if is_middle else 24, top + leading * place + size, said, fonts.bold, size, cover.palette.ink, is_middle
        )


def _write_author(pen: _Pen, cover: DrawnCover, fonts: Lettered) -> None:
    is_middle, lines, size = _is_middle(cover), cover.author.lines, cover.author.size
    if not writable("".join(lines), fonts.plain):
        return
    x = 120 if is_middle else 40 if cover.pattern == "bound" else 24
    for place, line in enumerate(reversed(lines)):
        y = (310 if is_middle else 318) - place * 23
        pen.text(x, y, writable(line, fonts.plain), fonts.plain, size, cover.palette.ink, is_middle)


def _is_middle(cover: DrawnCover) -> bool:
    return cover.pattern in ("frame", "lattice")


def _darken_fold(image: Image.Image, scale: float) -> None:
    """Shade the left edge, where a cover is folded."""
    width = round(FOLD_WIDTH * scale)
    shade = _fold_of(width).resize((width, image.height))
    image.paste(Image.new("RGB", shade.size, "#000"), (0, 0), shade)


@lru_cache(maxsize=8)
def _fold_of(width: int) -> Image.Image:
    fold = Image.new("L", (width, 1))
    for x in range(width):
        at = x / width
        fold.putpixel((x, 0), round(255 * (0.28 - 0.23 * at / 0.45 if at < 0.45 else 0.05 * (1 - at) / 0.55)))
    return fold


def _curve(start: Point, bend: Point, end: Point, steps: int = 24) -> list[Point]:
    """Return points on a quadratic Bézier curve."""
    points = []
    for step in range(steps + 1):
        t = step / steps
        x, y = ((1 - t) ** 2 * a + 2 * t * (1 - t) * b + t * t * c for a, b, c in zip(start, bend, end, strict=True))
        points.append((x, y))
    return points


def _mixed(below: str, above: str, opacity: float) -> str:
    """Return the colour of one at an opacity over another."""
    pairs = zip(bytes.fromhex(below[1:]), bytes.fromhex(above[1:]), strict=True)
    return "#" + "".join(f"{round(a * (1 - opacity) + b * opacity):02x}" for a, b in pairs)
