"""The pages about copies and wishes."""

import pytest

from app.models.base import db, now
from app.models.user import User
from app.rules.clock import HOUR
from app.services.exchange.deadlines import run_deadlines
from app.services.exchange.wish import satisfy_wish
from tests.exchange import NOW, ask, book, copy_of, reader, wish_for
from tests.web.readers import logged_in, press, text_of

pytestmark = pytest.mark.usefixtures("app_context")
OFFER = {"condition": "very_good", "ways": "post", "note": "有划线", "form_key": "0123456789abcdef"}


def test_a_copy_is_offered_on_the_page_of_the_book_and_listed(app):
    isbn, giver = book(), reader(0)
    client = logged_in(app, giver)
    shown = text_of(press(client, f"/gifts/book/{isbn}", data=OFFER, follow_redirects=True))
    assert "is on the shelf" in shown
    assert "very good · 有划线" in shown
    wish_for(reader(0), isbn)
    assert "One reader is waiting for it" in text_of(client.get("/my/gifts"))


def test_the_same_form_sent_twice_lists_one_copy(app):
    isbn, client = book(), logged_in(app, reader(0))
    assert press(client, f"/gifts/book/{isbn}", data=OFFER).status_code == 303
    again = press(client, f"/gifts/book/{isbn}", data=OFFER)
    assert (again.status_code, "sent before" in text_of(again)) == (409, True)


def test_a_note_keeps_no_control_characters_and_is_else_as_it_was_typed(app):
    isbn, client = book(), logged_in(app, reader(0))
    assert press(client, f"/gifts/book/{isbn}", data=OFFER | {"note": "a\u202eb\x00 \x07ｃ"}).status_code == 303
    assert "a b ｃ" in text_of(client.get("/my/gifts"))


@pytest.mark.parametrize(
    "change", [{"condition": "mint"}, {"condition": ""}, {"note": "x" * 201}, {"form_key": "x" * 33}]
)
def test_a_bad_offer_is_shown_again_with_what_is_wrong(app, change):
    isbn, client = book(), logged_in(app, reader(0))
    answer = press(client, f"/gifts/book/{isbn}", data=OFFER | change)
    assert answer.status_code == 400
    assert answer.page.find("details", attrs={"open": True})


def test_unknown_books_and_copies_answer_with_the_page_for_what_is_not_there(app):
    client = logged_in(app, reader())
    for path in (
        "/gifts/book/9787000000000",
        "/wish/book/9787000000000",
        "/gifts/1/redraw",
        "/gifts/1/back",
        "/satisfy/wish/1",
        "/drift/1",
        "/address/1/forget",
    ):
        assert press(client, path, data=OFFER).status_code in (400, 404), path
    assert client.get("/drift/1").status_code == 404


def test_a_book_is_wished_for_and_taken_off_the_list(app):
    isbn, client = book(), logged_in(app, reader())
    assert "on your wish list" in text_of(press(client, f"/wish/book/{isbn}", follow_redirects=True))
    assert "Nobody is giving it away at the moment" in text_of(client.get("/my/wish"))
    again = press(client, f"/wish/book/{isbn}")
    assert (again.status_code, "already on your wish list" in text_of(again)) == (409, True)
    gone = press(client, f"/wish/book/{isbn}/redraw", follow_redirects=True)
    assert "removed from your wish list" in text_of(gone)
    assert press(client, f"/wish/book/{isbn}/redraw").status_code == 409


def test_a_wisher_sees_the_copy_that_is_kept_and_asks_for_it(app):
    isbn, wisher = book(), reader()
    wish_for(wisher, isbn)
    copy = copy_of(reader(0), isbn, now())
    page = logged_in(app, wisher).get("/my/wish")
    assert "A copy is kept for you until" in text_of(page)
    assert page.page.find("a", href=f"/drift/{copy}")
    others = logged_in(app, reader()).get(f"/book/{isbn}/detail")
    assert "is kept until" in text_of(others)


def test_a_giver_grants_a_wish_from_the_page_of_the_book(app):
    isbn, giver, wisher = book(), reader(0), reader()
    copy_of(giver, isbn)
    wish_id = wish_for(wisher, isbn)
    client = logged_in(app, giver)
    assert client.get(f"/book/{isbn}/detail").page.find("form", action=f"/satisfy/wish/{wish_id}")
    assert "is kept for this reader" in text_of(press(client, f"/satisfy/wish/{wish_id}", follow_redirects=True))
    again = press(client, f"/satisfy/wish/{wish_id}")
    assert again.status_code == 409


def test_a_wish_that_can_not_be_granted_has_no_button_but_says_why(app):
    isbn, giver, other = book(), reader(0), reader(0)
    poor, kept, getting, free, had = reader(0), reader(), reader(2), reader(), reader()
    copy_of(giver, isbn)
    satisfy_wish(giver, wish_for(had, isbn), NOW)
    run_deadlines(NOW + 48 * HOUR)
    ask(had, copy_of(reader(0)))  # or the next copy would be offered to them
    asked_for, _ = (copy_of(other, isbn) for _ in range(2))
    wishes = {who: wish_for(who, isbn) for who in (poor, kept, getting, free)}
    ask(getting, asked_for)
    satisfy_wish(other, wishes[kept], NOW)
    page = logged_in(app, giver).get(f"/book/{isbn}/detail").page
    rows = page.select("[aria-labelledby=wishers] li")
    name = {db.session.get_one(User, who).nickname: who for who in (poor, kept, getting, free, had)}
    told = {name[who]: " ".join(said) for who, _since, _day, *said in (row.stripped_strings for row in rows)}
    assert told == {
        poor: "This reader can’t ask for a book at the moment.",
        getting: "This reader can’t ask for a book at the moment.",
        kept: "Another copy is already being kept for this wish.",
        had: "Your copy has been kept for this reader before and was not taken.",
        free: f"Give mine to this reader {next(nickname for nickname, who in name.items() if who == free)}",
    }
    assert [form["action"] for form in page.select("[aria-labelledby=wishers] form")] == [
        f"/satisfy/wish/{wishes[free]}"
    ]


def test_a_wish_of_others_is_not_taken_for_mine(app):
    isbn, me = book(), reader()
    wish_for(reader(), isbn)
    client = logged_in(app, me)
    add, remove = {"action": f"/wish/book/{isbn}"}, {"action": f"/wish/book/{isbn}/redraw"}
    shown = client.get(f"/book/{isbn}/detail").page
    assert (shown.find("form", add) is None, shown.find("form", remove) is None) == (False, True)
    wish_for(me, isbn)
    shown = client.get(f"/book/{isbn}/detail").page
    assert (shown.find("form", add) is None, shown.find("form", remove) is None) == (True, False)


def test_the_only_copy_can_not_be_given_to_whoever_may_not_ask(app):
    isbn, giver, poor = book(), reader(0), reader(0)
    copy_of(giver, isbn)
    wish_id = wish_for(poor, isbn)
    shown = logged_in(app, giver).get(f"/book/{isbn}/detail")
    assert shown.page.find("form", action=f"/satisfy/wish/{wish_id}") is None
    assert "This reader can’t ask for a book at the moment." in text_of(shown)


def test_the_page_of_a_book_shows_my_copy_that_somebody_asked_for(app):
    isbn, giver, asker = book(), reader(0), reader()
    copy = copy_of(giver, isbn, now())
    ask(asker, copy, now())
    page = logged_in(app, giver).get(f"/book/{isbn}/detail")
    assert "Somebody has asked for it." in text_of(page)
    assert page.page.find("form", action=f"/wish/book/{isbn}") is None
    assert page.page.find("form", action=f"/gifts/{copy}/redraw") is None
    assert "Nobody is giving this book away" in text_of(logged_in(app, asker).get(f"/book/{isbn}/detail"))


def test_the_page_of_a_book_says_for_whom_a_copy_is_kept_and_offers_it_to_nobody_else(app):
    isbn, giver, first, second = book(), reader(0), reader(), reader()
    wishes = [wish_for(first, isbn), wish_for(second, isbn)]
    copy = copy_of(giver, isbn, now())
    for _ in range(20):
        copy_of(reader(0), isbn, now())
    seen = {who: logged_in(app, who).get(f"/book/{isbn}/detail") for who in (giver, first, second)}
    assert "Kept for a reader who is waiting for it, until" in text_of(seen[giver])
    assert [seen[giver].page.find("form", action=f"/satisfy/wish/{wish}") for wish in wishes] == [None, None]
    assert "A copy is kept for you until" in text_of(seen[first])
    assert seen[first].page.select_one(".trade-list a[href^='/drift/']")["href"] == f"/drift/{copy}"
    assert seen[second].page.select_one(".trade-list a[href^='/drift/']")["href"] != f"/drift/{copy}"
    copy_of(giver, isbn, now())
    wishes.append(wish_for(reader(), isbn))
    again = logged_in(app, giver).get(f"/book/{isbn}/detail").page
    buttons = [again.find("form", action=f"/satisfy/wish/{wish}") for wish in wishes]
    assert [button is not None for button in buttons] == [False, False, True]


def test_a_visitor_sees_who_gives_a_book_and_is_led_to_the_login(app, client):
    isbn = book()
    copy = copy_of(reader(0, nickname="赠书人"), isbn)
    page = client.get(f"/book/{isbn}/detail")
    assert "赠书人" in page.text
    assert page.page.find("a", href=f"/drift/{copy}")
    assert [link["href"] for link in page.page.select(".book-actions a")] == [
        "#givers",
        f"/login?next=/book/{isbn}/detail",
    ]
    assert client.get(f"/drift/{copy}").status_code in (302, 303)


def test_a_reserved_copy_is_on_my_list_without_a_button_to_withdraw_it(app):
    giver = reader(0)
    copy = copy_of(giver)
    ask(reader(), copy)
    client = logged_in(app, giver)
    page = client.get("/my/gifts")
    assert "Somebody has asked for it." in text_of(page)
    assert page.page.find("form", action=f"/gifts/{copy}/redraw") is None
    refused = press(client, f"/gifts/{copy}/redraw")
    assert (refused.status_code, "decline the request first" in text_of(refused)) == (409, True)


def test_the_front_page_shows_each_given_book_once_newest_first(app, client):
    first, second, giver = book(), book(), reader(0)
    for isbn in (first, second, first):
        copy_of(giver, isbn)
    book()
    shelf = [a["href"] for a in client.get("/").page.select(".shelf a")]
    assert shelf == [f"/book/{first}/detail", f"/book/{second}/detail"]


def test_empty_lists_say_what_to_do(app):
    client = logged_in(app, reader(0))
    assert "You are not giving any books away at the moment" in text_of(client.get("/my/gifts"))
    assert "Your wish list is empty" in text_of(client.get("/my/wish"))
    assert "No exchanges yet" in text_of(client.get("/pending"))
