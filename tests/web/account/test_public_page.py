"""What a reader's public page shows, and who decides about it."""

import pytest

from app.models.base import db
from app.models.user import User
from app.rules.account.public_page import LONGEST_ABOUT
from app.services.account.closing import erase_account
from app.services.exchange import public_shelf
from app.services.exchange.gift import withdraw_gift
from app.services.moderation.block import block
from tests.exchange import NOW, ask, book, copy_of, reader, wish_for
from tests.factories import AreaFactory
from tests.web.forms import errors, send

pytestmark = pytest.mark.usefixtures("app_context")


def titles(client, user_id):
    page = client.get(f"/user/{user_id}").page
    return {
        section.h2.get_text(strip=True): [title.get_text() for title in section.select(".book-title")]
        for section in page.select("section:has(.shelf)")
    }


def settings_of(user_id, **changed):
    user = db.session.get_one(User, user_id)
    kept = {"nickname": user.nickname, "locale": "en", "time_zone": "UTC", "ways": "post", "digest_day": "5"}
    paces = {"turn": "now", "reminder": "now", "offer": "now", "drift": "weekly"}
    return kept | paces | {"shown": ["shelf", "wishes"]} | changed


def change(client, user_id, **changed):
    return send(client, "/personal/settings", **settings_of(user_id, **changed))


def test_a_page_shows_what_its_reader_gives_and_wishes_for_each_once_and_newest_first(client):
    owner, other = reader(3, nickname="小鱼"), reader(3)
    first, second = book(title="甲"), book(title="乙")
    copy_of(owner, first)
    copy_of(owner, second)
    copy_of(owner, first)
    off = copy_of(owner, book(title="收回"))
    withdraw_gift(owner, off, NOW)
    ask(other, copy_of(owner, book(title="已许")))
    wish_for(owner, book(title="想读"))
    assert titles(client, owner) == {"Books that 小鱼 gives": ["甲", "乙"], "Books that 小鱼 wishes for": ["想读"]}
    assert titles(client, other) == {}


def test_no_more_than_the_newest_are_shown_and_that_is_said(client, monkeypatch):
    monkeypatch.setattr(public_shelf, "MOST_SHOWN", 1)
    public_shelf._select_gifts.cache_clear()
    monkeypatch.setattr("app.web.account.profile.MOST_SHOWN", 1)
    owner = reader(0, nickname="小鱼")
    copy_of(owner, book(title="旧"))
    copy_of(owner, book(title="新"))
    assert titles(client, owner) == {"Books that 小鱼 gives": ["新"]}
    assert "The newest 1." in client.get(f"/user/{owner}").text
    public_shelf._select_gifts.cache_clear()


def test_readers_say_who_they_are_and_hide_what_they_want(client, log_in):
    path = AreaFactory().path
    owner = reader(0, area=path, nickname="小鱼")
    copy_of(owner, book(title="甲"))
    wish_for(owner, book(title="乙"))
    me = log_in(owner)
    assert "Xuhui" not in client.get(f"/user/{owner}").text
    assert change(me, owner, about=" 爱读科幻 <b> ", shown=["area", "shelf"]).status_code == 302
    page = client.get(f"/user/{owner}")
    assert (titles(client, owner), "爱读科幻 &lt;b&gt;" in page.text) == ({"Books that 小鱼 gives": ["甲"]}, True)
    assert "Xuhui District" in page.page.main.get_text() or "徐汇区" in page.page.main.get_text()
    assert change(me, owner, about="", shown=[]).status_code == 302
    assert titles(client, owner) == {}
    form = me.get("/personal/settings").page
    assert form.select("input[name=shown][checked]") == []


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ("加我微信 www.example.com", "No links or phone"),
        ("13800001111", "No links or phone"),
        ("书" * 201, "At most 200"),
    ],
)
def test_what_leads_away_or_is_too_long_is_refused_and_kept_in_the_form(log_in, about, said):
    owner = reader(0)
    answer = change(log_in(owner), owner, about=about)
    assert (answer.status_code, said in " ".join(errors(answer))) == (400, True)
    db.session.expire_all()
    assert db.session.get_one(User, owner).about == ""


def test_a_part_that_is_none_is_refused(log_in):
    owner = reader(0)
    assert change(log_in(owner), owner, shown=["shelf", "beans"]).status_code == 400


def test_of_two_readers_one_of_whom_has_blocked_the_other_neither_sees_the_others_books(log_in):
    owner, other = reader(0), reader(0)
    copy_of(owner)
    assert titles(log_in(other), owner) != {}
    block(owner, other, NOW)
    assert titles(log_in(other), owner) == {}


def test_who_leaves_takes_their_words_along():
    owner = reader(0, about="书" * LONGEST_ABOUT)
    erase_account(db.session.get_one(User, owner))
    assert db.session.execute(db.text("select about from user where id = :id"), {"id": owner}).scalar() == ""
