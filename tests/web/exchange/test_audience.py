"""Listing a copy for everybody, or for circles alone: what the forms offer, refuse and say afterwards."""

import pytest
from sqlalchemy import select

from app.models.base import db, now
from app.models.circle import GiftCircle
from app.models.gift import Gift
from app.rules.circle.circle import MemberState
from app.services.copy.keeping import keep_copy
from tests.circles import circle, put_in
from tests.exchange import NOW, book, copy_of, id_of, reader, wish_for
from tests.web.readers import logged_in, press, text_of

pytestmark = pytest.mark.usefixtures("app_context")
OFFER = {"condition": "good", "ways": "post"}


def listings():
    """Return for each listing, the oldest first, the circles for which it is; None for everybody."""
    db.session.rollback()
    rows = db.session.scalars(select(Gift).order_by(Gift.id))
    of = {gift.id: None if not gift.is_closed else [] for gift in rows}
    for gift_id, circle_id in db.session.execute(select(GiftCircle.gift_id, GiftCircle.circle_id)):
        of[gift_id].append(circle_id)
    return list(of.values())


def chosen(client, path):
    page = client.get(path).page
    boxes = [box["value"] for box in page.select("input[name=audience][checked]")]
    return boxes or [option["value"] for option in page.select("select[name=audience] option[selected]")]


def test_a_reader_in_no_circle_sees_nothing_of_it(app):
    isbn, giver = book(), reader(0)
    keep_copy(giver, id_of(isbn), NOW)
    client = logged_in(app, giver)
    for path in (f"/book/{isbn}/detail", "/my/books", "/my/books/basket", "/personal", "/pending"):
        assert client.get(path).page.select("[name=audience]") == [], path
    press(client, f"/gifts/book/{isbn}", OFFER)
    assert listings() == [None]


def test_a_copy_for_a_circle_is_there_for_its_members_who_see_why_and_for_nobody_else(app):
    isbn, giver, member, outsider = book(), reader(0), reader(0), reader(0)
    club = circle(giver, member, name="读书会")
    client, path = logged_in(app, giver), f"/book/{isbn}/detail"
    assert chosen(client, path) == ["everybody"]
    assert press(client, f"/gifts/book/{isbn}", OFFER | {"audience": str(club)}).status_code == 303
    assert listings() == [[club]]
    for own in (path, "/my/gifts", "/my/books"):
        assert "for 读书会 alone" in text_of(client.get(own)), own
    assert "for members of 读书会, as you are" in text_of(logged_in(app, member).get(path))
    for other in (logged_in(app, outsider), app.test_client()):
        assert "读书会" not in other.get(path).text
    for kept in (path, "/my/books"):
        assert chosen(client, kept) == [str(club)], "the last choice"


def test_a_member_sees_no_names_of_circles_that_they_are_not_in(app):
    isbn, giver, member = book(), reader(0), reader(0)
    one, other = circle(giver, member, name="甲会"), circle(giver, name="乙会")
    press(logged_in(app, giver), f"/gifts/book/{isbn}", OFFER | {"audience": f"{one} {other}"})
    shown = text_of(logged_in(app, member).get(f"/book/{isbn}/detail"))
    assert ("甲会" in shown, "乙会" in shown) == (True, False)


@pytest.mark.parametrize(
    "sent", [[], [""], ["everybody", "own"], ["foreign"], ["left"], ["ended"], ["x" * 9999], ["-1"]]
)
def test_only_own_circles_and_never_none(app, sent):
    isbn, giver = book(), reader(0)
    ids = {"own": circle(giver), "foreign": circle(reader(0)), "left": circle(), "ended": circle(giver, state="ended")}
    put_in(ids["left"], giver, MemberState.LEFT)
    client = logged_in(app, giver)
    answer = press(client, f"/gifts/book/{isbn}", OFFER | {"audience": [str(ids.get(one, one)) for one in sent]})
    assert (answer.status_code, listings()) == (400, [])
    kept = keep_copy(giver, id_of(isbn), NOW)
    press(client, f"/my/books/{kept}/offer", {"audience": [str(ids.get(one, one)) for one in sent]})
    assert listings() == []


def test_who_has_left_all_circles_while_the_form_was_open_lists_nothing_to_everybody(app):
    isbn, giver = book(), reader(0)
    club = circle()
    put_in(club, giver, MemberState.OUT)
    answer = press(logged_in(app, giver), f"/gifts/book/{isbn}", OFFER | {"audience": str(club)})
    assert "You are no longer in one of these circles" in text_of(answer)
    assert listings() == []


def test_what_is_offered_from_the_shelf_is_for_whom_the_shelf_says(app):
    giver = reader(0)
    one, other = circle(giver, name="甲会"), circle(giver, name="乙会")
    kept = [keep_copy(giver, id_of(book()), NOW) for _ in range(3)]
    client = logged_in(app, giver)
    assert "all my circles" in text_of(client.get("/my/books"))
    press(client, f"/my/books/{kept[0]}/offer", {"audience": f"{one} {other}"})
    press(client, "/my/books", {"act": "offer", "ticked": [str(kept[1])], "audience": str(other)})
    press(client, "/my/books", {"act": "withdraw", "ticked": [str(kept[1])], "audience": "nonsense"})
    press(client, f"/my/books/{kept[2]}/offer", {"audience": "everybody"})
    assert listings() == [[one, other], [other], None]
    assert db.session.query(Gift).filter_by(state="withdrawn").count() == 1


def test_the_basket_lists_for_a_circle(app):
    giver = reader(0)
    club = circle(giver)
    client = logged_in(app, giver)
    press(client, "/my/books/add", {"text": book()})
    refused = press(client, "/my/books/basket", {"plan": "list", "condition": "good"})
    assert (refused.status_code, "Please choose who may see it" in text_of(refused)) == (400, True)
    press(client, "/my/books/basket", {"plan": "list", "condition": "good", "audience": str(club)})
    assert listings() == [[club]]


def test_closing_a_copy_takes_its_offer_back_and_opening_it_offers_it_again(app):
    isbn, giver, outsider = book(), reader(0), reader(1)
    club = circle(giver)
    gift_id = copy_of(giver, isbn, now())
    wish_for(outsider, isbn, now())
    client, edit = logged_in(app, giver), f"/gifts/{gift_id}/edit"
    assert chosen(client, edit) == ["everybody"]
    press(client, edit, OFFER | {"audience": str(club)})
    assert (listings(), chosen(client, edit)) == ([[club]], [str(club)])
    press(client, edit, OFFER | {"audience": "everybody"})
    assert listings() == [None]
    assert db.session.get_one(Gift, gift_id).offered_to == outsider
    press(client, edit, OFFER | {"audience": str(club)})
    db.session.rollback()
    assert db.session.get_one(Gift, gift_id).offered_to is None
