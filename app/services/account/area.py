"""Finding an area by typing, and the one that a reader has chosen."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, func, or_, select

from app.i18n import area_names
from app.models.area import Area
from app.models.base import db
from app.models.user import User
from app.rules.book.normalise import normalise
from app.search.text.tokens import split_runs
from app.services.errors import NotFound
from app.services.transaction import transaction
from app.traditional import area_to_simplified

MOST = 12
_LONGEST = 200
_MOST_WORDS = 8


def list_areas(text: str) -> Sequence[Area]:
    """Return the areas whose names begin with the words of a text, at most `MOST`, the best first.

    Any text is accepted. The words may also be names of areas around it, or the syllables of one name in pinyin.
    """
    text = area_to_simplified(text[:_LONGEST])
    words = split_runs(text.replace(" · ", " "))[:_MOST_WORDS]
    if not words:
        return []
    found = or_(and_(*map(_has, words)), _has("".join(words)))
    begins = func.instr(Area.sought, " " + " ".join(words)) == 1
    order = (or_(Area.name_zh == text, Area.name_en == text).desc(), begins.desc(), Area.weight.desc(), Area.id)
    return db.session.scalars(select(Area).where(found).order_by(*order).limit(MOST)).all()


def _has(word: str) -> Any:
    return func.instr(Area.sought, " " + word) > 0


def find_area_names(area: str | None) -> dict[str, str]:
    """Return the name of an area in each language, even if nobody can choose it any more."""
    row = area and db.session.scalar(select(Area).where(Area.path == area).execution_options(include_deleted=True))
    return area_names(row.name_zh, row.name_en) if row else area_names(area or "", area or "")


def find_area_by_name(text: str) -> str | None:
    """Return the path of the only area that a text can mean, such as one of its names; None if that is not clear."""
    typed, hits = normalise(area_to_simplified(text)), list_areas(text)
    exact = [area for area in hits if typed in (normalise(area.name_zh), normalise(area.name_en))]
    meant = exact if len(exact) == 1 else hits
    return meant[0].path if typed and len(meant) == 1 else None


def choose_area_by_name(user: User, text: str) -> bool:
    """Store the area that is meant by a text, none for an empty one; return False if that is not clear."""
    typed = normalise(text)
    if typed in map(normalise, find_area_names(user.area).values()):
        return True
    path = find_area_by_name(text)
    if typed and path is None:
        return False
    _store(user, path)
    return True


def is_area(path: str) -> bool:
    """Return whether there is an area at a path that readers can choose."""
    return db.session.scalar(select(Area.id).where(Area.path == path)) is not None


def choose_area(user: User, path: str) -> None:
    """Store the area at a path, none for an empty one.

    :raises NotFound: there is no such area.
    """
    if path and not is_area(path):
        raise NotFound
    _store(user, path or None)


@transaction
def _store(user: User, path: str | None) -> None:
    user.area = path
