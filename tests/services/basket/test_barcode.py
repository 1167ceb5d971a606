"""Photos of barcodes."""

from io import BytesIO

import pytest
from PIL import Image

from app.rules.shelf.refusals import UnreadablePhoto
from app.services.basket import barcode
from app.services.basket.barcode import read_barcodes
from tests.barcodes import draw_barcode, draw_sheet
from tests.factories import isbn13

BOOKS = [isbn13(40_000_000 + n) for n in range(9)]


def photo(image, form="JPEG"):
    """Return a picture as it is sent."""
    image.save(sent := BytesIO(), form)
    return sent.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_every_book_on_a_photo_is_read_once(form):
    assert sorted(read_barcodes(photo(draw_sheet([*BOOKS, BOOKS[0]]), form))) == sorted(BOOKS)


def test_a_barcode_is_read_askew_upside_down_and_in_a_large_photo():
    sheet = draw_sheet(BOOKS[:1])
    askew = sheet.rotate(17, expand=True, fillcolor=255)
    large = Image.new("L", (4000, 3000), 255)
    large.paste(draw_barcode(BOOKS[0]).resize((1600, 800)), (900, 700))
    for image in (askew, sheet.rotate(180), sheet.rotate(90, expand=True), large):
        assert read_barcodes(photo(image)) == BOOKS[:1]


def test_what_is_no_book_is_left_out():
    assert read_barcodes(photo(draw_sheet(["4006381333931", BOOKS[0]]))) == BOOKS[:1]
    assert read_barcodes(photo(Image.new("L", (300, 300), 255))) == []


@pytest.mark.parametrize("sent", [b"", b"no picture", b"GIF89a", photo(Image.new("L", (9, 9)))[:60]])
def test_what_is_no_picture_is_refused(sent):
    with pytest.raises(UnreadablePhoto):
        read_barcodes(sent)


def test_a_picture_of_too_many_pixels_is_refused_before_they_are_read(monkeypatch):
    sent = photo(Image.new("1", (20_000, 20_000)), "PNG")
    assert len(sent) < 100_000
    with pytest.raises(UnreadablePhoto):
        read_barcodes(sent)
    monkeypatch.setattr(barcode, "MOST_PIXELS", 99)
    with pytest.raises(UnreadablePhoto):
        read_barcodes(photo(Image.new("L", (10, 10))))
