"""Setting a copy free in a public place, and taking over one that was found; no bean moves. Times in Unix seconds."""

from sqlalchemy import literal, select, update

from app.models.base import db
from app.models.book import Book
from app.models.copy import Copy, Whereabouts
from app.rules.journey.telling import CopyIsListed, NotFreeAnyMore
from app.services.copy.keeping import ensure_shelf_has_room, find_own_copy, is_listed
from app.services.errors import NotFound
from app.services.exchange.locking import ensure_not_limited, lock_present
from app.services.journey.marks import make_marks
from app.services.journey.stations import Consent, add_station
from app.services.transaction import changed_rows, transaction


def get_own_title(reader_id: int, copy_id: int) -> str:
    """Return the title of a copy on the reader's shelf; raises `NotFound` if the reader holds no such copy."""
    titles = select(Book.title).join(Copy, Copy.book_id == Book.id)
    title = db.session.scalar(titles.where(Copy.id == copy_id, Copy.holder_id == reader_id))
    if title is None:
        raise NotFound()
    return title


def set_free(reader_id: int, copy_id: int, words: str, now: int) -> str:
    """Leave a copy on the reader's shelf in a public place, where `words` say, and return its mark.

    :raises NotFound: the reader does not hold it.
    :raises CopyIsListed: it is on offer or promised.
    :raises EmailNotConfirmed: the reader has not confirmed the address.
    :raises Limited: the reader can begin nothing new at present.
    """
    make_marks(reader_id, [copy_id])
    return _set_free(reader_id, copy_id, words, now)


@transaction
def _set_free(reader_id: int, copy_id: int, words: str, now: int) -> str:
    lock_present(reader_id)
    ensure_not_limited(reader_id, now)
    copy = find_own_copy(reader_id, copy_id)
    if db.session.scalar(select(is_listed(literal(copy_id)))):
        raise CopyIsListed()
    add_station(reader_id, copy_id, Consent(), copy.since)
    copy.holder_id, copy.state, copy.since = None, Whereabouts.FREE, now
    copy.left_at, copy.freed_by_id = words, reader_id
    return copy.mark or ""


@transaction
def take_over(reader_id: int, mark: str, consent: Consent, now: int) -> None:
    """Let a reader who has found a copy that was left somewhere hold it; of several, the first one gets it.

    :raises NotFound: there is no copy with this mark.
    :raises NotFreeAnyMore: somebody else has it.
    :raises ShelfFull: the reader holds as many copies as is allowed.
    :raises EmailNotConfirmed, Limited: see `set_free`.
    """
    lock_present(reader_id)
    ensure_not_limited(reader_id, now)
    copy_id = db.session.scalar(select(Copy.id).where(Copy.mark == mark))
    if copy_id is None:
        raise NotFound()
    _take(reader_id, copy_id, now)
    add_station(reader_id, copy_id, consent, now)


@transaction
def take_back(reader_id: int, copy_id: int, now: int) -> None:
    """Let who left a copy somewhere hold it again.

    :raises NotFound: the reader has not left such a copy.
    :raises NotFreeAnyMore: somebody else has found it.
    """
    lock_present(reader_id)
    if db.session.scalar(select(Copy.id).where(Copy.id == copy_id, Copy.freed_by_id == reader_id)) is None:
        raise NotFound()
    _take(reader_id, copy_id, now)


def _take(reader_id: int, copy_id: int, now: int) -> None:
    ensure_shelf_has_room(reader_id)
    free = update(Copy).where(Copy.id == copy_id, Copy.state == Whereabouts.FREE)
    now_held = {"holder_id": reader_id, "state": Whereabouts.KEPT, "since": now, "left_at": "", "freed_by_id": None}
    if changed_rows(free.values(**now_held)) != 1:
        raise NotFreeAnyMore()
