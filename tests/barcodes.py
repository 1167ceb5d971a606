"""Drawing the barcodes of books (EAN-13, ISO/IEC 15420) for tests."""

from collections.abc import Sequence

from PIL import Image, ImageDraw

LEFT = ("0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011")
PARITY = ("LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL")
MODULE, HEIGHT, QUIET = 3, 150, 12
"""Pixels of a module and of the height; modules of white at each side."""


def draw_barcode(isbn: str) -> Image.Image:
    """Return the barcode of 13 digits, black on white."""
    first, left, right = int(isbn[0]), isbn[1:7], isbn[7:]
    bars = "101" + "".join(_left(int(d), kind) for d, kind in zip(left, PARITY[first], strict=True)) + "01010"
    bars += "".join(_inverse(LEFT[int(d)]) for d in right) + "101"
    image = Image.new("L", ((len(bars) + 2 * QUIET) * MODULE, HEIGHT + 40), 255)
    draw = ImageDraw.Draw(image)
    for place, bar in enumerate(bars):
        if bar == "1":
            at = (place + QUIET) * MODULE
            draw.rectangle((at, 20, at + MODULE - 1, 20 + HEIGHT), fill=0)
    return image


def draw_sheet(isbns: Sequence[str], columns: int = 3) -> Image.Image:
    """Return barcodes in rows, as on a photo of a pile of books."""
    drawn = [draw_barcode(isbn) for isbn in isbns]
    width, height = drawn[0].width + 30, drawn[0].height + 30
    sheet = Image.new("L", (width * columns, height * -(-len(drawn) // columns)), 255)
    for place, image in enumerate(drawn):
        sheet.paste(image, (place % columns * width + 15, place // columns * height + 15))
    return sheet


def _left(digit: int, kind: str) -> str:
    return LEFT[digit] if kind == "L" else _inverse(LEFT[digit])[::-1]


def _inverse(bars: str) -> str:
    return bars.translate(str.maketrans("01", "10"))
