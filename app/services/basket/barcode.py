"""Reading the barcodes of books in photos; nothing of a photo is kept."""

import warnings
from io import BytesIO

import zxingcpp
from PIL import Image

from app.rules.book import isbn as isbn_rules
from app.rules.shelf.refusals import UnreadablePhoto

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2_400
"""Pixels to which a photo is made smaller: a barcode needs two for each of its 95 modules."""

_EAN13 = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.EAN13])


def read_barcodes(photo: bytes) -> list[str]:
    """Return the ISBNs of the barcodes in a photo, each once, as 13 digits.

    :raises UnreadablePhoto: it is no JPEG, PNG or WebP picture, or has too many pixels.
    """
    codes = zxingcpp.read_barcodes(_open(photo), formats=_EAN13)
    return list(dict.fromkeys(filter(None, (isbn_rules.parse(code.text) for code in codes))))


def _open(photo: bytes) -> Image.Image:
    """Return the photo in shades of grey, small enough to be searched; its size is looked at before its pixels."""
    try:
        with warnings.catch_warnings(action="error", category=Image.DecompressionBombWarning):
            image = Image.open(BytesIO(photo), formats=FORMATS)
        if image.width * image.height > MOST_PIXELS:
            raise UnreadablePhoto()
        image.draft("L", (LONGEST_SIDE, LONGEST_SIDE))
        grey = image.convert("L")
        grey.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    except UnreadablePhoto:
        raise
    # Pillow raises nearly anything for a broken picture.
    except Exception as error:
        raise UnreadablePhoto() from error
    return grey
