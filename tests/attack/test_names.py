"""9: names that deceive, at registration and in the settings."""

from collections import Counter
from functools import partial

import pytest
from sqlalchemy import select

from app.models.base import db
from app.models.user import User
from tests.attack.people import confirming_link, logged_in, newcomer, press, register, visitor, who_has
from tests.exchange import reader
from tests.web.server import at_once

pytestmark = [pytest.mark.mariadb, pytest.mark.xdist_group("attack")]
SETTINGS = {"locale": "en", "time_zone": "UTC"}
NEVER = {
    "of the site": [
        "Fisher 鱼书", "Fіsher", "Fisher", "FISHER", "ｆｉｓｈｅｒ", "F1sher", "fisher\u200b",
        "f\u00adisher", "𝐅isher", "ᶠⁱˢʰᵉʳ",
        "F.i.s.h.e.r", "鱼 书", "鱼·书", "鱼\ufe0f书", "鱼书 客服", "Fisher Admin", "Ϝisher", "fisher team",
        "fi\u0323sher",
    ],
    "of its people": [
        "管理员1", "管理员", "管\u3164理员", "官方客服", "鱼书官方", "小王 客服", "客·服", "官\u034f方",
        "Admin", "аdmin", "ADM1N",
        "adm\u0131n", "moderator 7", "moderat0r", "ｓｕｐｐｏｒｔ", "Li admin", "staff.member", "system",
        "webrnaster", "a.d.m.i.n",
        "Ádmin", "𝖺dmin", "administrator2", "admin\u0301",
    ],
    "an address": [
        "evil.com 领奖", "evil.com", "www.evil.org", "ｅｖｉｌ．ｃｏｍ", "evil\u3002com", "evil\u200b.com",
        "еvil.соm", "evil.公司",
    ],
    "of nothing": [
        "ㅤㅤ", "\u200b\u200b", "\u2800\u2800", "\u115f\u1160", "\ufe0f\ufe0f", "\u0301\u0301", "  ", "..",
        "\u202e\u202d",
    ],
    "piled up": ["Z\u0300\u0301\u0302algo", "pv3" + "\u20e3" * 3, "小" + "\u0489" * 4 + "王"],
    "of two alphabets": ["Pаul", "Ρaul", "раypal", "Ivаn", "Օlga"],
}  # fmt: skip
TAKEN = "Paul Weber"
LIKE_IT = [
    "paul weber", "PAUL WEBER", "Ｐａｕｌ　Ｗｅｂｅｒ", "Pau1 Weber", "PauI Weber", "Paul\ufe0f Weber",
    "Paul  Weber", "Paul\u200b Weber",
    "Paul\u00a0Weber", "𝐏aul Weber", "Paul We\u00adber", "Paul \u202eWeber", "ᴾaul Weber",
]  # fmt: skip


@pytest.fixture
def victim(site):
    with db.auto_commit():
        for user in db.session.scalars(select(User).where(User.nickname == TAKEN)):
            user.nickname = f"was {user.id}"
    return reader(0, nickname=TAKEN)


def change_name(site, client, nickname):
    return press(client, f"{site.url}/personal/settings", nickname=nickname, **SETTINGS)


def refused(answer):
    """Return whether the page says what is wrong with the nickname."""
    return answer.status_code in (400, 409) and 'class="field-error"' in answer.text


def test_no_deceiving_name_is_registered_or_chosen_later(site):
    """In one test, because each name needs two requests."""
    client, passed = logged_in(reader(0)), []
    for kind, names in NEVER.items():
        for name in names:
            if not refused(register(site, name, newcomer()[1])):
                passed.append(("register", kind, ascii(name)))
            if not refused(change_name(site, client, name)):
                passed.append(("settings", kind, ascii(name)))
    assert passed == []


def test_no_name_that_looks_like_a_reader_s_is_registered_or_chosen_later(site, victim):
    client, passed = logged_in(reader(0)), []
    for name in LIKE_IT:
        if not refused(register(site, name, newcomer()[1])):
            passed.append(("register", ascii(name)))
        if not refused(change_name(site, client, name)):
            passed.append(("settings", ascii(name)))
    assert passed == []


def test_of_two_who_register_a_name_before_either_confirms_one_has_it(site):
    """Even when they confirm at the same time."""
    emails = [newcomer()[1] for _ in range(6)]
    for name, email in zip(["Otto 7", "OTTO 7", "0tto 7", "Ｏtto 7", "otto\u200b 7", "Otto 7"], emails, strict=True):
        assert register(site, name, email).status_code == 302
    links = [confirming_link(site, email) for email in emails]
    answers = at_once([partial(press, visitor(), link) for link in links])

    assert {answer.status_code for answer in answers} == {302}
    looks = [db.session.get_one(User, who_has(email)).nickname_folded for email in emails]
    assert Counter(looks).most_common(1)[0][1] == 1


def test_of_those_who_choose_a_name_at_the_same_moment_one_has_it(site):
    clients = [logged_in(reader(0)) for _ in range(6)]
    names = ["Karl 9", "KARL 9", "Kar1 9", "Ｋarl 9", "karl\u200b 9", "Karl 9"]
    answers = at_once([partial(change_name, site, client, name) for client, name in zip(clients, names, strict=True)])

    assert Counter(answer.status_code for answer in answers) == {302: 1, 400: 5}
