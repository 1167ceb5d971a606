from flask import render_template_string
from sqlalchemy import text

from app.models.base import db, now
from app.web.display import cached_macro
from tests.exchange import HOME, book, copy_of, exchange, reader
from tests.web.readers import logged_in, press


def test_a_row_is_drawn_once_for_each_language_and_again_when_it_changes(app):
    button = "cached_macro(list_button, '/x', title, '', '')"
    source = "{% from 'components/form/list_button.html' import list_button %}{{ " + button + " }}"
    cached_macro._render.cache_clear()
    for language, title in (("en", "<b>"), ("en", "<b>"), ("zh", "<b>"), ("en", "c")):
        with app.test_request_context("/", headers={"Accept-Language": language}):
            page = render_template_string(source, title=title)
        assert ("&lt;b&gt;" in page) is (title == "<b>")

    assert cached_macro._render.cache_info()[:2] == (1, 3)


def test_a_list_follows_what_is_stored(app, log_in):
    with app.app_context():
        giver = reader(0)
        copy_of(giver)
    gives = log_in(giver)
    assert "On the shelf." in gives.get("/my/gifts").text
    with app.app_context():
        db.session.execute(text("UPDATE gift SET state = 'hidden'"))
        db.session.commit()

    assert "On the shelf." not in gives.get("/my/gifts").text


def test_an_address_is_remembered_by_no_process(app, log_in, monkeypatch):
    with app.app_context():
        with_address, without = exchange("accepted", now()), exchange("rejected", now())
    kept = []
    monkeypatch.setattr(
        cached_macro, "_render", lambda _context, _root, macro, *values: kept.append(macro(*values)) or kept[-1]
    )

    assert HOME.address in log_in(with_address.giver).get("/pending").text
    log_in(without.giver).get("/pending")
    assert HOME.address not in "".join(kept)
    assert "You declined." in "".join(kept)


def test_a_row_is_the_same_in_two_sessions_and_the_token_is_that_of_each(app, log_in):
    with app.app_context():
        giver = reader(0)
        copy_of(giver)
    pages = [log_in(giver).get("/my/gifts").page for _ in range(2)]
    drawn = [str(page.select_one(".book-list")) for page in pages]
    tokens = [page.select_one("#list-form input[name=csrf_token]")["value"] for page in pages]

    assert drawn[0] == drawn[1]
    assert tokens[0] != tokens[1]


def test_the_fields_of_an_offer_are_drawn_once_for_the_same_terms_and_anew_for_others(app, log_in):
    with app.app_context():
        given, first, second, other = book(), *(reader(0) for _ in range(2)), reader(0, meeting_words="at the gate")
    pages = [log_in(who).get(f"/book/{given}/detail").page for who in (first, second, other)]
    fields = [[str(one) for one in page.select(".offer .field")] for page in pages]

    assert fields[0] == fields[1] != fields[2]
    assert "at the gate" in "".join(fields[2])
    assert len(cached_macro._fields) == 2
    assert len({page.select_one(".offer [name=form_key]")["value"] for page in pages}) == 3


def test_an_offer_that_was_refused_is_drawn_anew_with_its_errors(app):
    with app.app_context():
        given, client = book(), logged_in(app, reader(0))
    page = f"/book/{given}/detail"
    client.get(page)
    said = {"condition": "good", "ways": "post", "note": "x" * 300}

    assert "At most 200 characters" in press(client, f"/gifts/book/{given}", data=said).text
    assert "At most 200 characters" not in client.get(page).text
