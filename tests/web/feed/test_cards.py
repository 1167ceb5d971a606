"""The pictures that go with links, as they are served."""

import io
from pathlib import Path

import pytest
from PIL import Image

from app import create_app
from app.models.base import db
from app.models.book import Book
from app.models.gift import Gift
from app.models.user import User
from app.services.moderation.block import block
from app.services.preview import store
from config import Testing
from tests.conftest import PageResponse, Reader
from tests.exchange import NOW, book, copy_of, id_of, reader
from tests.rows import statements_sent
from tests.web.readers import logged_in

pytestmark = pytest.mark.usefixtures("app_context")


def card(client, path, **options):
    answer = client.get(path, **options)
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert Image.open(io.BytesIO(answer.data)).size == (1200, 630)
    return answer


@pytest.fixture
def drawn(monkeypatch):
    """The cards that were drawn."""
    seen = []
    for name in ("draw_book_card", "draw_shelf_card"):
        draw = getattr(store, name)
        monkeypatch.setattr(store, name, lambda card, fonts, draw=draw: seen.append(card) or draw(card, fonts))
    return seen


def test_the_card_of_a_book_has_its_title_and_how_many_copies_are_to_be_had(client, drawn):
    isbn = book(title="三体", authors=["[中] 刘慈欣"])
    for _ in range(2):
        copy_of(reader(0), isbn)
    card(client, f"/og/book/{isbn}.png?lang=zh")
    card(client, f"/og/book/{isbn}.png?lang=en")
    none = card(client, f"/og/book/{book()}.png?lang=en")

    assert [(said.title, said.author, said.had, said.number) for said in drawn[:2]] == [
        ("三体", "刘慈欣", "2 本可要", "2"),
        ("三体", "刘慈欣", "2 copies available", "2"),
    ]
    assert drawn[2].had == ""
    assert none.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_a_card_is_drawn_once_and_anew_when_what_it_says_has_changed(app, client, drawn):
    isbn = book()
    first = card(client, f"/og/book/{isbn}.png?lang=zh")
    again = card(client, f"/og/book/{isbn}.png?lang=zh&copies=9")
    known = client.get(f"/og/book/{isbn}.png?lang=zh", headers={"If-None-Match": first.headers["ETag"]})
    copy_of(reader(0), isbn)
    later = client.get(f"/og/book/{isbn}.png?lang=zh", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "public, max-age=3600"
    assert first.data == again.data
    assert (known.status_code, known.data) == (304, b"")
    assert later.status_code == 200
    assert len(drawn) == 2
    assert "Set-Cookie" not in first.headers
    assert "Cookie" not in first.headers.get("Vary", "")
    assert len(list((Path(app.config["COVERS_PATH"]) / "cards").glob("*/*.png"))) == 2


def test_only_so_many_cards_are_kept(app, client, monkeypatch):
    monkeypatch.setattr(store, "KEPT", 1)
    monkeypatch.setattr(store, "_path", lambda mark: Path(app.config["COVERS_PATH"]) / "cards" / f"{mark}.png")
    for _ in range(3):
        card(client, f"/og/book/{book()}.png")

    assert len(list((Path(app.config["COVERS_PATH"]) / "cards").iterdir())) == 1


def test_a_card_that_can_not_be_kept_is_shown(app, client):
    Path(app.config["COVERS_PATH"]).mkdir(exist_ok=True)
    (Path(app.config["COVERS_PATH"]) / "cards").write_text("no folder")

    card(client, f"/og/book/{book()}.png")


def test_the_shelf_of_a_reader_shows_what_everybody_sees(app, client, drawn):
    giver, other = reader(0, nickname="阿青"), reader(0)
    isbns = [book(title=f"Book {n}") for n in range(7)]
    for isbn in [*isbns, isbns[0]]:
        copy_of(giver, isbn)
    held, hidden = copy_of(giver), book()
    copy_of(giver, hidden)
    with db.auto_commit():
        db.session.get_one(Gift, held).state = "held"
        db.session.get_one(Book, id_of(hidden)).delete()
    block(other, giver, NOW)
    card(client, f"/og/user/{giver}.png?lang=zh")
    seen = drawn[-1]
    blocked = logged_in(app, other).get(f"/og/user/{giver}.png?lang=zh")

    assert (seen.heading, seen.line) == ("阿青的书架", "7 本书可要")
    assert ["".join(cover.drawn.title.lines) for cover in seen.covers][:2] == ["Book 0", "Book 6"]
    assert len(seen.covers) == 5
    assert blocked.status_code == 200
    assert len(drawn) == 1


def test_who_gives_nothing_has_a_card_and_who_has_left_has_none(client, drawn):
    here, gone = reader(0, nickname="小王"), reader(0)
    with db.auto_commit():
        db.session.get_one(User, gone).delete()
    card(client, f"/og/user/{here}.png?lang=en")

    assert (drawn[0].heading, drawn[0].line, drawn[0].covers) == ("小王", "", ())
    assert client.get(f"/og/user/{gone}.png").status_code == 404
    assert client.get("/og/user/999999.png").status_code == 404


def test_a_reader_whose_page_shows_no_shelf_has_a_card_without_books(client, drawn):
    copy_of(giver := reader(0, nickname="小王", shown_parts="wishes area"))
    card(client, f"/og/user/{giver}.png?lang=en")

    assert (drawn[0].heading, drawn[0].line, drawn[0].covers) == ("小王", "", ())
    assert "shelf" not in client.get(f"/user/{giver}").page.select_one("meta[property='og:title']")["content"]


def test_the_card_of_the_site_shows_its_newest_books(client, drawn):
    card(client, "/og/site.png")
    copy_of(reader(0), book(title="Newest"))
    card(client, "/og/site.png?lang=en")

    assert drawn[0].heading != drawn[1].heading
    assert drawn[1].heading == "Books from reader to reader"
    assert "".join(drawn[1].covers[0].drawn.title.lines) == "Newest"


@pytest.mark.parametrize("number", ["9787506365437", "x", "9" * 400, "%00", "F000000019", "..%2f..%2fetc", "三体"])
def test_no_card_is_drawn_of_what_is_no_book_of_ours(client, drawn, number):
    assert client.get(f"/og/book/{number}.png").status_code == 404
    assert drawn == []


@pytest.mark.parametrize("language", ["", "x" * 5_000, "zh_CN", "../en", "%00", "en&lang=zh"])
def test_a_language_that_the_site_does_not_have_is_its_first(client, language):
    assert client.get(f"/og/book/{book()}.png?lang={language}").status_code == 200


def test_a_hidden_book_has_no_card(client):
    isbn = book()
    card(client, f"/og/book/{isbn}.png")
    with db.auto_commit():
        db.session.get_one(Book, id_of(isbn)).delete()

    assert client.get(f"/og/book/{isbn}.png").status_code == 404


def test_each_card_takes_few_statements(app, client):
    giver = reader(0)
    for rows in (1, 20):
        for _ in range(rows):
            copy_of(giver, isbn := book())
        for path, most in ((f"/og/book/{isbn}.png", 2), (f"/og/user/{giver}.png", 4), ("/og/site.png", 2)):
            with statements_sent() as statements:
                card(client, path)
            assert len(statements) <= most, (path, *statements)


def test_who_asks_for_too_many_new_cards_waits_and_kept_ones_are_free(settings):
    app = create_app(Testing(**settings | {"RATELIMIT_ENABLED": True, "CARD_RATE_LIMIT": "2 per minute"}))
    with app.app_context():
        isbns = [book() for _ in range(3)]
    client = Reader(app, PageResponse)
    found = [client.get(f"/og/book/{isbn}.png").status_code for isbn in isbns]
    again = [client.get(f"/og/book/{isbns[0]}.png").status_code for _ in range(5)]
    with app.app_context():
        db.session.remove()
        db.engine.dispose()

    assert found == [200, 200, 429]
    assert again == [200] * 5


def test_who_comes_while_others_cards_are_drawn_is_told_when_to_come_back(client, monkeypatch):
    monkeypatch.setattr(store, "PATIENCE", 0.05)
    with store._lock:
        answer = client.get(f"/og/book/{book()}.png")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "max-age" not in answer.headers.get("Cache-Control", "")
