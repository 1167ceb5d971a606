"""Covers: drawn until the image is in our own store."""

import io

import pytest
from PIL import Image

from app.catalogues.api import addresses
from app.models.base import db
from tests.factories import BookFactory
from tests.stand_in import answer, hang, redirect
from tests.web.forms import do_jobs

SAN_TI = "9787536692930"


def picture(size=(300, 420), kind="JPEG"):
    """A picture with something on it."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


@pytest.fixture
def settings(settings, outside_settings):
    return settings | outside_settings


@pytest.fixture
def book(app_context, outside):
    outside.behave = answer(picture(), content_type="image/jpeg")
    return BookFactory(isbn=SAN_TI, title="三体", cover=f"{outside.url}/lpic/s1.jpg")


def seen(client, query="", **options):
    """Return the response for a cover, read to the end and closed."""
    answer = client.get(f"/book/{SAN_TI}/cover{query}", **options)
    answer.get_data()
    answer.close()
    return answer


@pytest.fixture
def all_public(monkeypatch):
    """Treat the loopback address of the stand-in as a public one."""
    monkeypatch.setattr(addresses, "is_public", lambda address: True)


def test_the_picture_is_fetched_by_a_job_and_served_from_our_store(app, client, book, outside, all_public):
    first = seen(client)
    assert outside.calls == []
    do_jobs(app)
    second = seen(client)
    large = seen(client, "?size=large")

    assert first.mimetype == "image/svg+xml"
    assert first.cache_control.max_age == 60
    assert second.mimetype == large.mimetype == "image/webp"
    assert second.cache_control.max_age == 30 * 86_400
    assert Image.open(io.BytesIO(second.data)).size == (240, 336)
    assert Image.open(io.BytesIO(large.data)).size == (300, 420)
    assert len(outside.calls) == 1
    assert "referer" not in outside.calls[0].headers
    again = seen(client, headers={"If-None-Match": second.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "behaviour",
    [
        answer(b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", content_type="image/gif"),
        answer(picture((1, 1), "PNG"), content_type="image/png"),
        answer(b"<html>no</html>", content_type="text/html"),
        answer(b"not a picture", content_type="image/jpeg"),
        answer(picture(), 404, content_type="image/jpeg"),
        answer(b"\xff" * 9_000_000, content_type="image/jpeg"),
        redirect("http://169.254.169.254/latest/meta-data"),
    ],
)
def test_what_is_no_picture_is_not_kept_and_not_asked_for_again(app, client, book, outside, all_public, behaviour):
    outside.behave = behaviour
    for _ in range(3):
        shown = seen(client)
        do_jobs(app)

    assert shown.mimetype == "image/svg+xml"
    assert shown.cache_control.max_age == 86_400
    assert len(outside.calls) == 1


def test_a_private_address_is_not_even_connected_to(app, client, book, outside):
    seen(client)
    do_jobs(app)

    assert outside.connections == 0


def test_a_host_that_is_not_listed_is_not_asked(app, client, app_context, outside, all_public):
    BookFactory(isbn=SAN_TI, cover=f"http://localhost:{outside.port}/s1.jpg")

    seen(client)
    do_jobs(app)

    assert outside.connections == 0


def test_a_book_without_a_picture_is_drawn_and_asks_nobody(app, client, app_context, outside):
    BookFactory(isbn=SAN_TI)
    outside.behave = hang

    drawn = seen(client)
    do_jobs(app)

    assert drawn.mimetype == "image/svg+xml"
    assert outside.connections == 0


def test_a_drawing_that_a_browser_has_is_not_sent_again_until_it_changes(client, app_context):
    book = BookFactory(isbn=SAN_TI, title="三体")
    drawn = seen(client)
    again = seen(client, headers={"If-None-Match": drawn.headers["ETag"]})
    with db.auto_commit():
        book.title = "三体全集"
    changed = seen(client, headers={"If-None-Match": drawn.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == drawn.headers["Cache-Control"]
    assert changed.status_code == 200
    assert "集" in changed.text


def test_the_cover_of_an_unknown_book_is_not_found_and_asks_nobody(client, outside):
    for number in (SAN_TI, "9787536692931", "..%2f..%2fetc", "x"):
        assert client.get(f"/book/{number}/cover").status_code == 404
    assert outside.calls == []


def test_a_book_found_outside_gets_its_picture_with_the_first_visit(app, client, outside, all_public):
    book = {"isbn": SAN_TI, "title": "三体", "image": f"{outside.url}/lpic/s1.jpg"}
    as_book, as_picture = answer(book), answer(picture(), content_type="image/jpeg")
    outside.behave = lambda call: (as_picture if "lpic" in call.path else as_book)(call)

    client.get(f"/book/{SAN_TI}/detail")
    do_jobs(app)

    assert seen(client).mimetype == "image/webp"


def test_a_picture_is_the_same_for_all_so_that_caches_between_can_keep_it(client, reader, app):
    with app.app_context():
        BookFactory(isbn=SAN_TI)
    for anyone in (client, reader):
        answer = anyone.get(f"/book/{SAN_TI}/cover")

        assert answer.cache_control.public
        assert not {"Vary", "Set-Cookie"} & set(answer.headers.keys())
