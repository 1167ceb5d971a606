import json
from pathlib import Path

import pytest
from sqlalchemy import func, literal_column, select, text

from app.models.base import Base, db
from app.models.basket import BasketLine, BroughtRow
from app.models.circle import Circle, CircleInvitation, Membership
from app.models.copy import Copy, CopyQuestion
from app.models.decision import Complaint
from app.models.encrypted import seal
from app.models.journey import BlankMark, JournalLine, SharedYear, Station
from app.models.message import Thanks
from app.models.outbox import Outbox
from app.models.user import Arrival, Invitation, LoginSession, RecoveryCode, User
from app.rules.journey.mark import make_mark
from app.rules.moderation.decision import Act, Ground, Verdict
from app.rules.moderation.hold import HoldReason
from app.rules.moderation.report import Reason, ReportKind
from app.services.account.export import SECTIONS
from app.services.account.profile import request_new_email
from app.services.account.second_factor import begin_second_factor
from app.services.book import placing
from app.services.copy.keeping import keep_copy
from app.services.delivery.postal_address import keep_address
from app.services.delivery.thread import Draft
from app.services.moderation.appeal import appeal, make_appeal_token
from app.services.moderation.block import block
from app.services.moderation.decision import decide
from app.services.moderation.report import report
from app.services.sight.hold import hold
from tests import exchange
from tests.factories import PASSWORD, BookFactory, UserFactory
from tests.web.forms import errors, mails, send

ROOT = Path(__file__).parents[3]
# The section of the export for each table about readers, and the column with the reader's id.
EXPORTED = {
    "user": ("account", "id"), "login_session": ("sessions", "user_id"), "recovery_code": ("recovery_codes", "user_id"),
    "outbox": ("jobs", "user_id"), "gift": ("gifts", "giver_id"), "copy": ("copies", "holder_id"),
    "copy_question": ("questions", "holder_id"), "wish": ("wishes", "user_id"), "basket_line": ("basket", "reader_id"),
    "brought_row": ("brought", "reader_id"),
    "drift": ("drifts", "asker_id"), "message": ("messages", "author_id"), "report": ("reports", "reporter_id"),
    "address": ("addresses", "user_id"), "work_act": ("work_acts", "user_id"),
    "notice": ("notices", "user_id"), "arrival": ("arrival", "user_id"), "invitation": ("invitations", "by_id"),
    "membership": ("circles", "user_id"), "circle_invitation": ("circle_invitations", "by_id"),
    "block": ("blocks", "reader_id"), "hold": ("holds", "about_id"),
    "decision": ("decisions", "about_id"), "appeal": ("appeals", "reader_id"),
    "thanks": ("thanks", "author_id"), "complaint": ("complaints", "author_id"),
    "station": ("stations", "reader_id"), "journal_line": ("lines", "author_id"),
    "blank_mark": ("labels", "reader_id"), "shared_year": ("years", "reader_id"),
}  # fmt: skip


def tables_about_readers():
    """Return the tables that refer to a reader, by a foreign key or by a column's name."""
    return {
        table.name
        for table in Base.metadata.tables.values()
        if table.name == "user"
        or any(column.name == "user_id" or column.references(User.__table__.c.id) for column in table.columns)
    }


def be_asked(holder, wisher):
    """Let a reader be asked for a private copy that another one waits for."""
    kept = BookFactory()
    copy, wish = keep_copy(holder, kept.id, exchange.NOW), exchange.wish_for(wisher, kept.isbn)
    with db.auto_commit():
        db.session.add(CopyQuestion(copy_id=copy, holder_id=holder, wish_id=wish, mail_time=exchange.NOW))


def export(reader):
    answer = send(reader, "/personal/export", password=PASSWORD)
    assert answer.mimetype == "application/json"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    return json.loads(answer.text)


def test_the_export_holds_every_row_about_me_and_nobody_else(reader, app_context, log_in):
    other = UserFactory(nickname="别人", email="other@example.org")
    user = User.find(reader.user_id)
    exchange.bean.grant_beans(user.id, 1, "test", exchange.NOW)
    drift = exchange.ask(user.id, exchange.copy_of(other.id), note="请包好")
    message = exchange.drift.write_message(other.id, drift, Draft("好的，别人"), exchange.NOW)
    report("message", message.id, user.id, Reason.OTHER, "我不喜欢", exchange.NOW)
    exchange.wish_for(user.id, exchange.book())
    be_asked(user.id, other.id)
    exchange.copy_of(user.id)
    with db.auto_commit():
        keep_address(user.id, exchange.HOME)
    with db.auto_commit():
        db.session.add_all(RecoveryCode(user_id=user.id, code_hash=str(n)) for n in range(3))
        db.session.add(RecoveryCode(user_id=other.id, code_hash="x"))
    placing.join_editions(exchange.book(title="甲"), exchange.book(title="乙"), user.id)
    log_in(user.id)
    with db.auto_commit():
        db.session.scalars(select(LoginSession).order_by(LoginSession.id.desc())).first().expires_at = 1
    limited = decide(None, "reader", user.id, Verdict(Act.LIMIT, Ground.SPAM, until=exchange.NOW + 9), exchange.NOW)
    appeal(make_appeal_token(user, limited), "不对", exchange.NOW)
    with db.auto_commit():
        asked = {"state": "in", "state_time": 1, "words": seal("我爱书")}
        db.session.add(Arrival(user_id=user.id, **asked))
        db.session.add(circle := Circle(slug="x", name="圈子"))
        db.session.flush()
        db.session.add(Membership(circle_id=circle.id, user_id=user.id, since=1))
        invites = {"circle_id": circle.id, "token_hash": "x", "uses": 1, "uses_left": 1, "end_time": 1}
        db.session.add(CircleInvitation(by_id=user.id, **invites))
        db.session.add(Invitation(by_id=user.id, token_hash="x", uses=1, uses_left=1, end_time=1))
    request_new_email(user, PASSWORD, "new@example.org", "")
    with db.auto_commit():
        db.session.add(Thanks(drift_id=drift, author_id=user.id, reader_id=other.id, words="谢谢"))
        hold(ReportKind.LISTING, 1, user.id, HoldReason.LINK, exchange.NOW)
    block(user.id, UserFactory().id, exchange.NOW)
    with db.auto_commit():
        sides = {"drift_id": drift, "author_id": user.id}
        said = {"fault": "pages", "words": seal("缺页"), "state": "disagreed", "state_time": 1}
        db.session.add(Complaint(**sides, about_id=other.id, **said))
        db.session.add(BasketLine(reader_id=user.id, line_key="9787506365437", isbn="9787506365437"))
        db.session.add(BroughtRow(reader_id=user.id, line_key="9787506365437", number=1))
    with db.auto_commit():
        mine = db.session.scalars(select(Copy.id).where(Copy.holder_id == user.id)).first()
        db.session.add(Station(copy_id=mine, reader_id=user.id, month="2027-01"))
        db.session.add(JournalLine(copy_id=mine, author_id=user.id, words="好看"))
        db.session.add(BlankMark(mark=make_mark(), reader_id=user.id))
        db.session.add(SharedYear(reader_id=user.id, year=2027))
    document = export(reader)

    assert document["schema"] == "fisher-export-1"
    assert document["account"]["email"] == user.email
    assert document["account"]["new_email"] == "new@example.org"
    assert len(document["beans"]) == 2
    for table in tables_about_readers() - {"user"}:
        section, column = EXPORTED[table]
        rows = db.session.execute(text(f"SELECT COUNT(*) FROM {table} WHERE {column} = {user.id}")).scalar()
        assert rows > 0, table
        assert len(document[section]) == rows, table
    assert "别人" not in json.dumps(document, ensure_ascii=False)
    assert "other@example.org" not in json.dumps(document)


def test_who_borrows_a_readers_device_takes_nothing_along_without_the_password(reader):
    answer = send(reader, "/personal/export", password="wrong password")

    assert (answer.status_code, answer.mimetype) == (400, "text/html")
    assert "This is not your password." in errors(answer)


def test_the_export_names_a_role_that_is_more_than_a_readers(reader, app_context):
    assert "role" not in export(reader)["account"]
    with db.auto_commit():
        User.find(reader.user_id).role = "moderator"

    assert export(reader)["account"]["role"] == "moderator"


def test_every_table_about_readers_is_exported():
    assert tables_about_readers() <= set(EXPORTED)
    assert {section for section, _ in EXPORTED.values()} <= set(SECTIONS)


def test_the_export_of_a_giver_holds_nobodys_address(app_context, log_in):
    done = exchange.exchange("mailed")
    giver, asker = export(log_in(done.giver)), export(log_in(done.asker))

    assert [drift["role"] for drift in giver["drifts"] + asker["drifts"]] == ["giver", "asker"]
    for part in (exchange.HOME.recipient, exchange.HOME.phone, exchange.HOME.address):
        assert part not in json.dumps(giver, ensure_ascii=False)
        assert part in json.dumps(asker, ensure_ascii=False)


def test_the_document_is_described_field_by_field(reader, app_context):
    said = (ROOT / "docs" / "export.md").read_text(encoding="utf-8")
    document = export(reader)

    assert set(document) - {"schema", "made_at"} == set(SECTIONS)
    rows = [row for section in document.values() for row in (section if isinstance(section, list) else [section])]
    names = {name for row in rows if isinstance(row, dict) for name in row}
    assert [name for name in {*document, *names} if f"`{name}`" not in said] == []


def test_after_closing_no_trace_of_the_reader_is_in_the_database(app, app_context, log_in, tmp_path):
    user = UserFactory(nickname="要走的人", email="leaving@example.org", role="operator")
    reader = log_in(user.id)
    begin_second_factor(user)
    request_new_email(user, PASSWORD, "leaving-new@example.org", "")
    assert send(reader, "/personal/delete", password=PASSWORD).location == "/"
    assert reader.get("/personal").status_code == 302
    db.session.rollback()
    assert db.session.scalar(select(func.count()).where(Outbox.user_id == reader.user_id)) == 0
    [farewell] = mails(app)
    assert (farewell["To"], farewell["Subject"]) == ("leaving@example.org", "Your account is closed")

    db.session.remove()
    tables = Base.metadata.sorted_tables
    dump = repr([db.session.execute(select(literal_column("*")).select_from(table)).all() for table in tables])
    assert "要走的人" not in dump
    assert "leaving" not in dump
    left = db.session.scalar(select(User).execution_options(include_deleted=True))
    assert (left.has_left, left.totp_secret, left.new_email, left.password_hash) == (True, None, None, "")
    assert left.role == "reader"
    assert db.session.scalar(select(LoginSession)) is None


def test_name_and_address_of_a_closed_account_are_free_again(app, app_context, log_in, client):
    user = UserFactory(nickname="小王", email="wang@example.org")
    reader = log_in(user.id)
    send(reader, "/personal/delete", password=PASSWORD)

    fields = {"nickname": "小王", "email": "wang@example.org", "password": PASSWORD}
    assert send(client, "/register", **fields).location == "/register/done"
    assert client.get(f"/user/{reader.user_id}").status_code == 404


def test_an_account_is_not_closed_without_the_password(reader, app_context):
    answer = send(reader, "/personal/delete", password="wrong password")

    assert (answer.status_code, errors(answer)) == (400, errors(answer))
    assert "This is not your password." in errors(answer)
    assert User.find(reader.user_id)


def test_others_see_nickname_and_date_alone(client, app_context):
    user = UserFactory(nickname="小王", email="wang@example.org")
    page = client.get(f"/user/{user.id}")

    assert page.page.h1.get_text() == "小王"
    assert "wang@" not in page.text


@pytest.mark.parametrize("id", ["0", "999999", "99999999999999999999"])
def test_a_reader_who_is_not_there_is_a_404(client, id):
    assert client.get(f"/user/{id}").status_code == 404
