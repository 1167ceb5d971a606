"""Notices: one for each mail of the exchange, from the time of that mail on, and never of a step taken back."""

import pytest
from sqlalchemy import func, select

from app.i18n import use_locale
from app.models.base import db
from app.models.drift import Drift
from app.models.notice import Notice
from app.models.user import User
from app.rules.clock import DAY
from app.rules.exchange.drift import MailKind
from app.rules.exchange.mails import MAIL_DELAY
from app.services.account.closing import erase_account
from app.services.correction.undo import undo_step
from app.services.delivery.thread import Draft, note_read
from app.services.exchange import drift, gift
from app.services.exchange.deadlines import run_deadlines
from app.services.exchange.mails import ExchangeMail, queue_mails
from app.services.notice.notices import KEPT, forget_old_notices, list_notices, note_drifts_seen, note_seen
from tests.exchange import ACCEPT, MAIL, NOW, Way, book, copy_of, exchange, letters, reader, wish_for, withdraw_wish

pytestmark = pytest.mark.usefixtures("app_context")
TOLD = NOW + MAIL_DELAY


def told(reader_id, now=TOLD):
    """Return the words of the notices that a reader sees, the newest first."""
    db.session.rollback()
    with use_locale("en"):
        return [row.words for row in list_notices(reader_id, None, 100, now).rows]


def kinds(reader_id):
    """Return the kinds of all notices of a reader that are or will be shown."""
    db.session.rollback()
    mine = select(Notice.kind).where(Notice.user_id == reader_id, Notice.show_from.is_not(None)).order_by(Notice.id)
    return list(db.session.scalars(mine))


def test_each_letter_has_its_notice_which_names_the_book_and_the_other_side():
    done = exchange("waiting")
    asker = db.session.get_one(User, done.asker).nickname
    assert told(done.giver, TOLD - 1) == []
    [words] = told(done.giver)
    assert (words.startswith(f"{asker} asks for “"), told(done.asker)) == (True, [])
    step = NOW + DAY
    ACCEPT(done, step)
    MAIL(done, step + DAY)
    assert kinds(done.asker) == [MailKind.ACCEPTED, MailKind.MAILED]
    assert len(told(done.asker, step + DAY + MAIL_DELAY)) == 2
    assert db.session.scalar(select(func.count(Notice.id))) == len(letters())


def test_the_same_event_is_told_once():
    done = exchange("waiting")
    again = ExchangeMail(MailKind.ASKED, done.giver, drift_id=done.drift, since=NOW)
    for _ in range(2):
        with_key(again)
    assert kinds(done.giver) == [MailKind.ASKED]


def with_key(letter):
    with db.auto_commit():
        queue_mails([letter], NOW)


def test_what_is_overtaken_before_its_mail_is_not_told():
    done = exchange("waiting")
    drift.redraw_request(done.asker, done.drift, NOW + 60)
    assert (kinds(done.giver), kinds(done.asker)) == ([], [])


def test_a_step_that_was_taken_back_is_not_told_but_the_one_before_it_is():
    done = exchange("waiting")
    later = NOW + DAY
    ACCEPT(done, later)
    MAIL(done, later + 60)
    assert kinds(done.asker) == [MailKind.MAILED]
    undo_step(done.giver, done.drift, later + 120)
    assert kinds(done.asker) == [MailKind.ACCEPTED]
    assert [told(done.asker, later + MAIL_DELAY - 1), len(told(done.asker, later + MAIL_DELAY))] == [[], 1]


def test_an_offer_that_ends_before_its_mail_is_not_told():
    wisher, isbn = reader(), book()
    wish_for(wisher, isbn)
    copy_of(reader(0), isbn)
    assert kinds(wisher) == [MailKind.OFFERED]
    withdraw_wish(wisher, isbn, NOW + 60)
    assert kinds(wisher) == []


def test_a_withdrawn_copy_takes_the_notice_of_its_offer_along():
    wisher, giver, isbn = reader(), reader(0), book()
    wish_for(wisher, isbn)
    gift.withdraw_gift(giver, copy_of(giver, isbn), NOW + 60)
    assert kinds(wisher) == []


def test_a_message_that_was_read_is_no_new_notice():
    done = exchange("accepted")
    message = drift.write_message(done.giver, done.drift, Draft("at six"), NOW + DAY)
    later = NOW + DAY + MAIL_DELAY
    assert new(done.asker, later) == 2
    note_read([message.id], NOW + DAY + 60)
    assert new(done.asker, later) == 1


def new(reader_id, now):
    db.session.rollback()
    return len(list_notices(reader_id, None, 100, now).new)


def test_who_looks_at_an_exchange_has_seen_its_notices():
    done, other = exchange("waiting"), exchange("waiting")
    note_drifts_seen(done.giver, TOLD, [done.drift])
    note_drifts_seen(done.giver, TOLD, [other.drift])
    assert (new(done.giver, TOLD), new(other.giver, TOLD)) == (0, 1)


def test_all_that_are_shown_can_be_marked_as_seen_but_not_those_to_come():
    done = exchange("waiting")
    note_seen(done.giver, NOW)
    assert new(done.giver, TOLD) == 1
    note_seen(done.giver, TOLD)
    assert new(done.giver, TOLD) == 0


def test_the_pages_of_a_list_hold_each_notice_once_also_those_of_one_second():
    done = exchange("waiting")
    notice = {"user_id": done.giver, "kind": MailKind.ASKED, "drift_id": done.drift, "show_from": TOLD}
    with db.auto_commit():
        Notice.add_all([notice | {"key": f"k{number}"} for number in range(6)], NOW)
    seen, place = [], None
    while True:
        page = list_notices(done.giver, place, 3, TOLD)
        seen += [row.id for row in page.rows]
        if (place := page.next) is None:
            break
    assert (len(seen), seen) == (7, sorted(seen, reverse=True))


def test_a_reader_who_leaves_takes_the_notices_along_and_is_told_nothing_more():
    done = exchange("mailed")
    erase_account(db.session.get_one(User, done.giver))
    assert kinds(done.giver) == []
    drift.confirm_received(done.asker, done.drift, NOW + DAY)
    assert kinds(done.giver) == []
    [words] = told(done.asker, NOW + 2 * DAY)
    assert "is on its way" in words


@pytest.mark.parametrize("way", Way)
def test_the_notices_of_a_drift_are_erased_with_its_address(way):
    done = exchange("received", way=way)
    run_deadlines(NOW + DAY)
    end = db.session.get_one(Drift, done.drift).erase_time
    run_deadlines(end - 1)
    assert kinds(done.giver)
    run_deadlines(end)
    assert (kinds(done.asker), kinds(done.giver)) == ([], [])


def test_old_notices_and_those_that_were_kept_back_are_forgotten():
    done, undone = exchange("waiting"), exchange("waiting")
    drift.redraw_request(undone.asker, undone.drift, NOW + 60)
    assert forget_old_notices(NOW + DAY) == 0
    assert forget_old_notices(NOW + 2 * DAY) == 1
    assert forget_old_notices(NOW + KEPT) == 0
    assert len(kinds(done.giver)) == 1
    assert forget_old_notices(NOW + KEPT + 1) == 1
