"""Who can register: all, the invited, or whom a moderator lets in."""

import re

import pytest
import time_machine
from sqlalchemy import func, select

from app.models.base import db, now
from app.models.user import Arrival, Invitation, User
from app.rules.clock import DAY
from app.services.account.closing import erase_account
from app.services.delivery.postal_address import find_text
from app.services.door.invitation import invite, invite_for_the_site, revoke_invitation
from app.services.moderation.door import erase_refused, erase_words, remind_of_waiting
from tests.exchange import reader as store_reader
from tests.factories import PASSWORD, UserFactory
from tests.site.rights import SECOND_FACTOR
from tests.web.forms import errors, link_in, log_in, mails, send, text_of
from tests.web.readers import logged_in, press

pytestmark = pytest.mark.usefixtures("app_context")
READER = {"nickname": "小王", "email": "wang@example.org", "password": PASSWORD}
WORDS = "我是老李的邻居，家里有三百本书。"


@pytest.fixture
def invited(app):
    app.config["DOOR"] = "invite"


@pytest.fixture
def approved(app):
    app.config["DOOR"] = "approval"


@pytest.fixture
def desk(app):
    return logged_in(app, store_reader(0, role="moderator", **SECOND_FACTOR))


def form_of(answer):
    return answer.page.select_one("main form[method=post]")


def register_with(client, token, **changed):
    return send(client, "/register", f"/register?invite={token}", **READER | {"invite": token} | changed)


@pytest.mark.usefixtures("invited")
class TestByInvitation:
    def test_a_visitor_is_told_how_to_get_in(self, client):
        answer = client.get("/register")
        assert (answer.status_code, form_of(answer)) == (200, None)
        assert "By invitation" in answer.page.h1.get_text()

    def test_a_member_invites_somebody_who_registers(self, app, client):
        member = logged_in(app, inviter := store_reader(0))
        assert member.get("/personal").page.select_one("a[href='/personal/invitations']")
        shown = press(member, "/personal/invitations", {"uses": "1"}, follow_redirects=True)
        link = shown.page.find(id="invitation-link")["value"]
        token = link.partition("invite=")[2]
        assert link.startswith(app.config["SITE_URL"])
        assert token not in member.get("/personal/invitations").text
        assert token not in str(db.session.scalars(select(Invitation.token_hash)).all())

        page = client.get(f"/register?invite={token}").page
        assert page.select_one("[name=invite]")["value"] == token
        assert register_with(client, token).location == "/register/done"
        assert send(client, link_in(mails(app)[0])).location == "/"
        assert "小王" in client.get("/personal").page.h1.get_text()
        desk = logged_in(app, store_reader(0, role="moderator", **SECOND_FACTOR))
        me = User.find_by_email(READER["email"])
        assert desk.get(f"/desk/reader/{me.id}").page.select_one(f"main a[href='/desk/reader/{inviter}']")
        assert client.get(f"/register?invite={token}").status_code == 403

    @pytest.mark.parametrize("how", ["forged", "used", "too old", "revoked", "limited", "left"])
    def test_an_invitation_that_does_not_work_lets_nobody_in(self, client, how):
        inviter, at = store_reader(0), now() - (15 * DAY if how == "too old" else 0)
        token = invite(inviter, 1, at)
        with db.auto_commit():
            row = db.session.scalars(select(Invitation)).one()
            row.uses_left = 0 if how == "used" else 1
            User.find(inviter).limited_until = now() + DAY if how == "limited" else None
        if how == "revoked":
            revoke_invitation(inviter, row.id, now())
        if how == "left":
            erase_account(User.find(inviter))
        token = f"{token}x" if how == "forged" else token
        for answer in (
            client.get(f"/register?invite={token}"),
            send(client, "/register", "/login", **READER, invite=token),
        ):
            assert (answer.status_code, form_of(answer)) == (403, None)
            assert "no longer works" in errors(answer)[0]
        assert User.find_by_email(READER["email"]) is None

    def test_of_two_who_register_with_one_use_the_first_to_confirm_is_in(self, app, client):
        token = invite(store_reader(0), 1, now())
        for name in ("first", "second"):
            register_with(client, token, nickname=name, email=f"{name}@example.org")
        first, second = (link_in(mail) for mail in mails(app))
        assert send(client, second).status_code == 302
        late = send(client, first, "/language")
        assert "no longer works" in late.text or late.status_code == 302
        db.session.rollback()
        assert [User.find_by_email(f"{name}@example.org").is_confirmed for name in ("first", "second")] == [False, True]

    def test_a_new_password_is_no_way_round_the_invitation(self, app, client):
        token = invite(store_reader(0), 1, now())
        register_with(client, token)
        revoke_invitation(None, db.session.scalar(select(Invitation.id)), now())
        send(client, "/reset/password", email=READER["email"])
        send(client, link_in(mails(app)[-1]), password="another phrase 书", repeat="another phrase 书")
        db.session.rollback()
        assert not User.find_by_email(READER["email"]).is_confirmed

    def test_whether_an_address_has_an_account_does_not_show(self, client):
        UserFactory(email="known@example.org", password="of the owner alone")
        token = invite(store_reader(0), 1, now())
        told = []
        for name, email in (("a1", "known@example.org"), ("a2", "unknown@example.org")):
            answer = register_with(client, token, nickname=name, email=email)
            left = db.session.scalar(select(Invitation.uses_left))
            told.append(
                (answer.status_code, answer.location, left, client.get(f"/register?invite={token}").status_code)
            )
        assert told[0] == told[1]

    def test_a_reader_has_so_many_open_invitations_and_can_take_them_back(self, app):
        member = logged_in(app, store_reader(0))
        made = [press(member, "/personal/invitations", {"uses": "1"}).status_code for _ in range(4)]
        assert made == [303, 303, 303, 409]
        press(member, "/personal/invitations/1/revoke")
        assert press(member, "/personal/invitations", {"uses": "1"}).status_code == 303
        stranger = logged_in(app, store_reader(0))
        assert press(stranger, "/personal/invitations/2/revoke").status_code == 404
        for uses in ("0", "6", "x", ""):
            assert press(stranger, "/personal/invitations", {"uses": uses}).status_code == 400

    def test_operators_invite_on_the_command_line(self, app, client):
        run = app.test_cli_runner().invoke
        said = run(args=["user", "invite", "--uses", "2", "--days", "3"]).output
        token = re.search(r"invitation 1: \S+/register\?invite=(\S+)", said)[1]
        assert register_with(client, token).location == "/register/done"
        assert run(args=["user", "uninvite", "1"]).exit_code == 0
        assert run(args=["user", "uninvite", "7"]).exit_code == 1
        assert client.get(f"/register?invite={token}").status_code == 403

    def test_who_leaves_takes_along_whom_they_invited(self):
        inviter = store_reader(0)
        invite(inviter, 1, now())
        guest = store_reader(0)
        with db.auto_commit():
            db.session.add(Arrival(user_id=guest, state="in", state_time=1, invitation_id=1, words=""))
        erase_account(User.find(inviter))
        assert db.session.scalar(select(func.count(Invitation.id))) == 0
        assert db.session.scalars(select(Arrival.invitation_id)).all() == [None]


@pytest.mark.usefixtures("approved")
class TestByApproval:
    def knock(self, app, client, **changed):
        assert send(client, "/register", **READER | {"words": WORDS} | changed).location == "/register/done"
        return send(client, link_in(mails(app)[-1]))

    def waiting(self):
        db.session.rollback()
        return User.find_by_email(READER["email"])

    @pytest.mark.parametrize(("words", "said"), [("", "fill this in"), ("短", "10 to 500"), ("长" * 501, "10 to 500")])
    def test_a_few_words_are_asked_for_and_what_was_typed_is_kept(self, client, words, said):
        answer = send(client, "/register", **READER | {"words": words})
        assert answer.status_code == 400
        assert said in answer.page.find(id="words-error").get_text()
        assert answer.page.find(id="nickname")["value"] == "小王"

    def test_who_waits_can_do_nothing_and_is_told_how_it_stands(self, app, client):
        assert self.knock(app, client).location == "/register/waiting"
        assert client.get("/personal").location.startswith("/login")
        answer = log_in(client, READER["email"], PASSWORD)
        assert (answer.status_code, answer.page.h1.get_text()) == (403, "Somebody looks at it")
        assert log_in(client, READER["email"], "not the password").status_code == 400
        assert self.waiting().beans == 0

    def test_a_moderator_lets_them_in(self, app, client, desk):
        self.knock(app, client)
        listed = desk.get("/desk/door")
        assert WORDS in listed.text
        assert READER["email"] not in listed.text + desk.get(f"/desk/door/{self.waiting().id}").text
        assert "One waiting" in desk.get("/desk").text
        assert press(desk, f"/desk/door/{self.waiting().id}", {"answer": "in"}).status_code == 303
        mail = mails(app)[-1]
        assert (mail["To"], mail["Subject"]) == (READER["email"], "You’re in")
        assert log_in(client, READER["email"], PASSWORD).location == "/"
        assert self.waiting().beans == 1
        log = desk.get("/desk/log")
        assert "let in" in log.text
        page = desk.get(log.page.select_one("main li a[href^='/desk/log/']")["href"])
        assert page.page.select_one("main form") is None
        assert press(desk, "/desk/log/1", {"ground": "mistake"}).status_code == 409
        assert press(desk, f"/desk/door/{self.waiting().id}", {"answer": "away", "words": "no"}).status_code == 409

    def test_who_is_turned_away_is_told_why_may_still_be_let_in_and_is_erased_in_time(self, app, client, desk):
        self.knock(app, client)
        path = f"/desk/door/{self.waiting().id}"
        no_reason = press(desk, path, {"answer": "away"})
        assert (no_reason.status_code, errors(no_reason)[-1]) == (400, "Please say why: the other reader sees it.")
        assert press(desk, path, {"answer": "away", "words": "不认识。"}).status_code == 303
        assert "不认识。" in text_of(mails(app)[-1])
        answer = log_in(client, READER["email"], PASSWORD)
        assert answer.status_code == 403
        assert "不认识。" in answer.page.main.get_text()
        assert press(desk, path, {"answer": "away", "words": "again"}).status_code == 409
        assert send(client, "/register", **READER | {"words": WORDS}).location == "/register/done"
        assert mails(app)[-1]["Subject"] == "You already have an account"
        sent = len(mails(app))
        erase_refused(now() + 29 * DAY)
        assert self.waiting() is not None
        erase_refused(now() + 30 * DAY)
        assert self.waiting() is None
        assert len(mails(app)) == sent
        assert press(desk, path, {"answer": "in"}).status_code == 404

    def test_what_somebody_wrote_who_never_confirmed_is_erased_in_time(self, app, client):
        send(client, "/register", **READER | {"words": WORDS})
        assert find_text(db.session.scalars(select(Arrival.words)).one()) == WORDS
        erase_words(now() + 30 * DAY)
        assert find_text(db.session.scalars(select(Arrival.words)).one()) == ""
        assert send(client, link_in(mails(app)[0])).location == "/register/waiting"

    def test_who_was_turned_away_by_mistake_is_let_in(self, app, client, desk):
        self.knock(app, client)
        path = f"/desk/door/{self.waiting().id}"
        press(desk, path, {"answer": "away", "words": "?"})
        assert len(desk.get(path).page.select("main input[name=answer]")) == 1
        press(desk, path, {"answer": "in", "words": "Sorry!"})
        assert log_in(client, READER["email"], PASSWORD).location == "/"

    def test_nobody_takes_over_an_account_that_waits(self, app, client, desk):
        """Registering the address again must not change the password that is let in."""
        self.knock(app, client)
        send(client, "/register", **READER | {"words": WORDS, "password": "of a stranger"})
        press(desk, f"/desk/door/{self.waiting().id}", {"answer": "in"})
        assert log_in(client, READER["email"], "of a stranger").status_code == 400

    def test_a_new_password_is_no_way_round_the_moderator(self, app, client):
        send(client, "/register", **READER | {"words": WORDS})
        send(client, "/reset/password", email=READER["email"])
        send(client, link_in(mails(app)[-1]), password="another phrase 书", repeat="another phrase 书")
        assert log_in(client, READER["email"], "another phrase 书").status_code == 403
        assert not self.waiting().is_confirmed

    def test_opening_the_door_leaves_who_waits_and_closing_it_who_has_registered(self, app, client):
        self.knock(app, client)
        app.config["DOOR"] = "open"
        assert log_in(client, READER["email"], PASSWORD).status_code == 403
        send(client, "/register", nickname="early", email="early@example.org", password=PASSWORD)
        app.config["DOOR"] = "approval"
        assert send(client, link_in(mails(app)[-1])).location == "/"

    def test_moderators_are_reminded_of_who_waits_long_once_a_day(self, app, client, desk):
        self.knock(app, client)
        sent = len(mails(app))
        remind_of_waiting(now() + DAY)
        assert len(mails(app)) == sent
        for _ in range(2):
            remind_of_waiting(now() + 4 * DAY)
        assert [mail["Subject"] for mail in mails(app)[sent:]] == ["Somebody is waiting at the door"]

    def test_the_first_of_two_decisions_holds(self, app, client, desk):
        self.knock(app, client)
        path = f"/desk/door/{self.waiting().id}"
        assert press(desk, path, {"answer": "in"}).status_code == 303
        assert press(desk, path, {"answer": "in"}).status_code == 409


def test_an_invitation_works_as_long_as_it_says(app, client):
    app.config["DOOR"] = "invite"
    _, token = invite_for_the_site(1, 3, now())
    with time_machine.travel(now() + 3 * DAY - 60):
        assert client.get(f"/register?invite={token}").status_code == 200
    with time_machine.travel(now() + 3 * DAY + 60):
        assert client.get(f"/register?invite={token}").status_code == 403
