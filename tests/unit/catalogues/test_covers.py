"""Pictures of books: what is kept, and what is refused."""

import io
import struct
import zlib

import pytest
from PIL import Image

from app.catalogues.api.covers import SIZES, CoverFetcher, draw
from app.catalogues.base import AnswerMalformed, CatalogueError, CatalogueLimited, CatalogueOutOfOrder


def picture(mode="RGB", size=(400, 600), kind="PNG", **options):
    image = Image.linear_gradient("L").resize(size).convert(mode)
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def bomb():
    """A PNG of 30,000 × 30,000 pixels in a few bytes."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("mode", "kind"), [("RGB", "JPEG"), ("CMYK", "JPEG"), ("L", "PNG"), ("RGBA", "PNG"), ("P", "GIF"), ("RGB", "WEBP")]
)
def test_a_picture_of_any_usual_kind_becomes_webp_in_all_sizes(mode, kind):
    drawn = draw(picture(mode, kind=kind))

    assert drawn.keys() == SIZES.keys()
    for name, box in SIZES.items():
        image = Image.open(io.BytesIO(drawn[name]))
        assert image.format == "WEBP"
        assert image.size[0] <= box[0]
        assert image.size[1] <= box[1]
        assert len(drawn[name]) < 100_000


def test_a_small_picture_is_not_blown_up():
    assert Image.open(io.BytesIO(draw(picture(size=(100, 150)))["large"])).size == (100, 150)


def test_nothing_but_the_picture_itself_is_kept():
    exif = Image.Exif()
    exif[0x010F] = "a camera that nobody needs to know"
    drawn = draw(picture(kind="JPEG", exif=exif))

    assert all(b"camera" not in content for content in drawn.values())


def turned():
    """A JPEG to be shown turned, whose resolution is a text."""
    notes = struct.pack(">HHHIHHHHII", 2, 0x0112, 3, 1, 6, 0, 0x011A, 2, 2, 0x61620000)
    return picture(kind="JPEG", exif=b"Exif\0\0MM\0*" + struct.pack(">I", 8) + notes + struct.pack(">I", 0))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"nonsense",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        picture(size=(1, 1)),
        picture(size=(39, 60)),
        picture(size=(2000, 100)),
        picture()[:300],
        picture(kind="TIFF"),
        picture(kind="BMP"),
        bomb(),
        turned(),
    ],
)
def test_what_is_no_picture_of_a_book_is_refused(raw):
    with pytest.raises(AnswerMalformed):
        draw(raw)


def test_an_empty_picture_is_refused():
    file = io.BytesIO()
    Image.new("RGB", (300, 400), "#eeeeee").save(file, "PNG")
    with pytest.raises(AnswerMalformed, match="empty"):
        draw(file.getvalue())


@pytest.mark.parametrize(
    ("error", "seconds"), [(CatalogueOutOfOrder("no answer", None), 300), (CatalogueLimited("too many", 900), 900)]
)
def test_a_host_out_of_order_is_left_alone_for_a_while_and_the_others_are_not(monkeypatch, error, seconds):
    fetcher, calls = CoverFetcher("Fisher/test", ["covers.example.org", "pictures.example.org"]), []

    def fail(address, *_args, **_options):
        calls.append(address)
        raise error

    def fetch_at(time, host="covers.example.org"):
        monkeypatch.setattr(fetcher, "clock", lambda: time)
        with pytest.raises(CatalogueError):
            fetcher.fetch(f"https://{host}/1.jpg")
        return len(calls)

    monkeypatch.setattr(fetcher._transport, "get", fail)

    assert fetch_at(1000.0) == 1
    assert fetch_at(1000.0 + seconds - 1) == 1
    assert fetch_at(1000.0 + seconds - 1, "pictures.example.org") == 2
    assert fetch_at(1000.0 + seconds) == 3
