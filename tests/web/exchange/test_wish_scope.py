"""The reader's page of wishes: which editions they are for, and what is offered."""

import re

import pytest

from app.models.base import db
from app.models.gift import Gift
from app.models.wish import Wish
from app.rules.exchange.wish_scope import WishScope
from tests.exchange import NOW, copy_of, editions, reader, wish_for
from tests.web.readers import logged_in, press

pytestmark = pytest.mark.usefixtures("app_context")


def test_an_offer_says_which_edition_it_is_and_can_be_declined(app):
    first, second, _ = editions()
    waits, next_one = reader(), reader()
    wish_for(waits, first, NOW)
    wish_for(next_one, first, NOW + 1)
    copy = copy_of(reader(0), second)
    client = logged_in(app, waits)
    page = client.get("/my/wish").page
    assert page.find("a", href=f"/book/{second}/detail")
    assert "It is another edition" in page.text
    answer = press(client, f"/offer/{copy}/decline")

    assert answer.location == "/my/wish"
    db.session.rollback()
    assert db.session.get_one(Gift, copy).offered_to == next_one
    assert "kept for you" not in client.get("/my/wish").page.text
    assert press(client, f"/offer/{copy}/decline").status_code == 409


def test_an_offer_of_the_very_edition_says_nothing_of_others(app):
    first, _, _ = editions()
    waits = reader()
    wish_for(waits, first)
    copy_of(reader(0), first)

    assert "another edition" not in logged_in(app, waits).get("/my/wish").page.text


def test_a_reader_changes_the_editions_that_a_wish_is_for(app):
    first, _, english = editions()
    waits = reader()
    wish_id = wish_for(waits, first)
    copy_of(reader(0), english)
    client = logged_in(app, waits)
    assert "Nobody is giving it away" in client.get("/my/wish").page.text
    assert press(client, f"/wish/{wish_id}/scope/any_edition").location == "/my/wish"

    db.session.rollback()
    assert db.session.get_one(Wish, wish_id).scope == WishScope.ANY_EDITION
    page = client.get("/my/wish").page
    assert "One copy available" in page.text
    assert "any edition in any language" in page.find("summary", string=re.compile("You are waiting")).text
    assert press(client, f"/wish/{wish_id}/scope/every").status_code == 404


def test_a_giver_sees_how_many_wishes_the_copy_would_grant(app):
    first, second, english = editions()
    giver = reader(0)
    copy_of(giver, second)
    for isbn, scope in ((first, None), (english, None), (english, WishScope.ANY_EDITION), (second, None)):
        wish_for(reader(0), isbn, scope=scope)

    assert "3 readers are waiting for it" in logged_in(app, giver).get("/my/gifts").page.text
