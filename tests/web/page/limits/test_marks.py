"""Guessing the marks of copies."""

from app.models.base import db, now
from app.models.copy import Copy
from app.models.journey import BlankMark
from app.rules.journey.mark import with_check
from tests.exchange import book, id_of, reader
from tests.web.page.limits.visitors import visitor

KNOWN, BLANK, UNKNOWN = map(with_check, (5, 6, 7))


def test_guesses_are_counted_by_network_address_and_tell_nothing(app):
    with app.app_context():
        with db.auto_commit():
            db.session.add(BlankMark(mark=BLANK, reader_id=(holder := reader(0))))
        book_id = id_of(book())
        with db.auto_commit():
            db.session.add(Copy(book_id=book_id, holder_id=holder, since=now(), mark=KNOWN))
    app.config.update(MARK_RATE_LIMIT="3 per hour")
    finder, guesser = visitor(app), visitor(app, "203.0.113.9")

    assert {finder.get(f"/c/{KNOWN}").status_code for _ in range(5)} == {200}
    answers = [guesser.get(f"/c/{mark}") for mark in (BLANK, UNKNOWN, "nonsense")]
    assert {answer.status_code for answer in answers} == {404}
    said = {answer.page.main.get_text() for answer in answers}
    assert len(said) == 1
    assert guesser.get(f"/c/{UNKNOWN}").status_code == 429
    assert guesser.get(f"/c/{KNOWN}").status_code == 429
    assert finder.get(f"/c/{KNOWN}").status_code == 200
