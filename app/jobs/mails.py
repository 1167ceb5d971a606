"""What jobs that send mails share: sending once, and only what the reader wants."""

from datetime import UTC, datetime
from typing import TypeGuard

from babel.dates import format_datetime, get_timezone
from sqlalchemy import update

from app.i18n import DUE_PATTERNS, MONTH_PATTERNS
from app.jobs.drain import TryAgain
from app.jobs.registry import Job
from app.mail.exchange import MailBook
from app.mail.message import Mail, site_link
from app.mail.sender import MailNotSent, make_message_id, send
from app.models.base import db
from app.models.book import Book
from app.models.outbox import Outbox
from app.models.user import User
from app.rules.account.mail_topic import MailTopic, Pace, read_paces
from app.services.account.link_token import Purpose, make_link_token
from app.services.book.cover_drawing import draw_cover
from app.services.book.cover_file import find_cover_file
from app.services.book.text_fitting import fit, printable


def send_once(job: Job, mail: Mail) -> None:
    """Send the mail and store its Message-ID, unless an earlier run of the job has done so.

    :raises TryAgain: the mail server did not accept it.
    """
    if job.message_id:
        return
    # A transaction held open while the mail server works would block writers.
    db.session.rollback()
    message_id = make_message_id(job.id, job.created)
    try:
        send(mail, message_id)
    except MailNotSent as error:
        raise TryAgain(str(error)) from None
    with db.auto_commit():
        db.session.execute(update(Outbox).where(Outbox.id == job.id).values(message_id=message_id))


def off_link(user: User, topic: MailTopic) -> str:
    """Return the URL that turns this kind of mail off for the reader."""
    return site_link("web.mail_off", token=make_link_token(Purpose.MAIL_OFF, user, topic))


def is_wanted(user: User | None, topic: MailTopic) -> TypeGuard[User]:
    """Return whether the reader exists, has a confirmed address and wants this kind of mail at once."""
    return user is not None and user.is_confirmed and read_paces(user.mail_paces)[topic] is Pace.NOW


def local_time(seconds: int | None, user: User) -> str:
    """Return a time in the reader's time zone and language; empty for None."""
    return "" if seconds is None else _format(seconds, DUE_PATTERNS[user.locale], user)


def local_month(seconds: int, user: User) -> str:
    """Return a month in the reader's time zone and language."""
    return _format(seconds, MONTH_PATTERNS[user.locale], user)


def _format(seconds: int, pattern: str, user: User) -> str:
    time = datetime.fromtimestamp(seconds, UTC)
    return format_datetime(time, pattern, tzinfo=get_timezone(user.time_zone), locale=user.locale)


def mail_book(book: Book) -> MailBook:
    """Return a book as mails show it.

    A drawn cover is letters on a ground there, because mail programs show no SVG.
    """
    palette, title = draw_cover(book).palette, fit(printable(book.title), 84, 130, (22, 18, 15, 13, 12))
    has_picture = find_cover_file(book.number, "small") is not None
    return MailBook(
        authors=book.authors,
        picture=site_link("web.book_cover", isbn=book.number) if has_picture else None,
        lines=title.lines,
        letters=title.size,
        ground=palette.ground,
        ink=palette.ink,
    )
