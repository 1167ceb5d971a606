"""Meeting places: what is known of them, which ones suit a copy, and what moderators do about them."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Select,
    String,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
)

from app.models.area import Area
from app.models.base import LIVE, db
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.place import GiftPlace, Place
from app.rules.exchange.drift import Way
from app.rules.exchange.nearness import list_around
from app.rules.exchange.place import PlaceFacts
from app.rules.exchange.refusals import PlaceKnown
from app.services.book.near import lies_in
from app.services.errors import NotFound
from app.services.page import Page
from app.services.transaction import transaction

MOST_CHOICES = 12
"""How many places the form for a copy lists: those of the giver's last copy, then the nearest."""


class ShownPlace(NamedTuple):
    """A place as readers see it."""

    id: int
    name: str
    words: str
    opening: str
    kind: str
    area: str
    closed: bool
    area_zh: str | None
    """The name of its area; None if that is not known."""
    area_en: str | None

    @property
    def line(self) -> str:
        """Its name, how it is found, and when it is open."""
        return " · ".join(filter(None, (self.name, self.words, self.opening)))


_place: Any = Place.__table__
_area: Any = Area.__table__
_GIVER = bindparam("giver", type_=BigInteger)


def _select(*more: ColumnElement[Any]) -> Select[Any]:
    names = _area.c.name_zh.label("area_zh"), _area.c.name_en.label("area_en")
    columns = (_place.c[name] for name in ("id", "name", "words", "opening", "kind", "area", "closed"))
    return select(*columns, *names, *more).outerjoin_from(_place, _area, _area.c.path == _place.c.area)


def _around(place: int) -> BindParameter[str]:
    """Return the parameter for an area around a reader, the smallest being the first."""
    return bindparam(f"around_{place}", type_=String)


def _nearest_first(paths: Sequence[Any]) -> list[ColumnElement[Any]]:
    """Return how to order places by the areas around a reader, the smallest first; the paths may be bound."""
    around = [(lies_in(_place.c.area, path), place) for place, path in enumerate(paths)]
    nearness = [case(*around, else_=len(around))] if around else []
    return [*nearness, _place.c.area == "", _place.c.area, _place.c.name]


def list_places(area: str | None, page: int, size: int, with_closed: bool = False) -> Page[ShownPlace]:
    """Return a page of the open places, the nearest to an area first, and after them the closed ones if wanted."""
    which = [] if with_closed else [~_place.c.closed]
    total = db.session.scalar(select(func.count()).select_from(_place).where(*which)) or 0
    order = [_place.c.closed, *_nearest_first([path for _, path in list_around(area)])]
    found = db.session.execute(_select().where(*which).order_by(*order).limit(size).offset((page - 1) * size))
    return Page([ShownPlace(**row._asdict()) for row in found], total, page, size)


def list_places_of(gift_id: int) -> list[ShownPlace]:
    """Return the open places that suit the giver of a copy."""
    named = _select().join(GiftPlace, GiftPlace.place_id == _place.c.id)
    found = db.session.execute(named.where(GiftPlace.gift_id == gift_id, ~_place.c.closed).order_by(_place.c.name))
    return [ShownPlace(**row._asdict()) for row in found]


def list_place_ids_of(gift_id: int) -> set[int]:
    """Return the ids of the open places that suit the giver of a copy."""
    return {place.id for place in list_places_of(gift_id)}


def list_choices(giver_id: int, area: str | None) -> tuple[list[ShownPlace], list[int]]:
    """Return some open places for the form of a reader's next copy, and the ids of those of the last copy."""
    around = [path for _, path in list_around(area)]
    values = {_around(place).key: path for place, path in enumerate(around)} | {_GIVER.key: giver_id}
    rows = db.session.execute(_select_choices(len(around)), values).all()
    return [ShownPlace(*row[:-1]) for row in rows], [row.id for row in rows if row.is_used]


@cache
def _select_choices(areas: int) -> Select[Any]:
    """Return the statement for a giver with so many areas around; building it takes longer than running it."""
    copies, named = Gift.__table__, GiftPlace.__table__
    last = select(func.max(named.c.gift_id)).join_from(named, copies, copies.c.id == named.c.gift_id)
    last = last.where(copies.c.giver_id == _GIVER, copies.c.status == LIVE, named.c.status == LIVE)
    of_last = select(named.c.place_id).where(named.c.gift_id == last.scalar_subquery(), named.c.status == LIVE)
    is_used = _place.c.id.in_(of_last)
    order = [is_used.desc(), *_nearest_first([_around(place) for place in range(areas)])]
    return _select(is_used.label("is_used")).where(~_place.c.closed).order_by(*order).limit(MOST_CHOICES)


def names_of_places(gift_id: Any, ways: Any) -> ColumnElement[str | None]:
    """Return in SQL the names of the open places that suit the giver of a copy, as one text; null if it is not left."""
    names = select(func.aggregate_strings(_place.c.name, " · ")).join(GiftPlace, GiftPlace.place_id == _place.c.id)
    named = names.where(GiftPlace.gift_id == gift_id, ~_place.c.closed).scalar_subquery()
    return case((ways.contains(Way.PLACE.value), named)).label("places")


def list_open(place_ids: Collection[int]) -> set[int]:
    """Return which of these places exist and are open."""
    return set(db.session.scalars(select(Place.id).where(Place.id.in_(place_ids), ~Place.closed)))


def has_open_place() -> bool:
    """Return whether books can be left anywhere."""
    return db.session.scalar(select(Place.id).where(~Place.closed).limit(1)) is not None


def name_places(gift_id: int, place_ids: Collection[int]) -> None:
    """Store which places suit the giver of a copy, instead of those from before; inside a transaction."""
    db.session.execute(delete(GiftPlace).where(GiftPlace.gift_id == gift_id))
    if place_ids:
        db.session.execute(insert(GiftPlace), [{"gift_id": gift_id, "place_id": id} for id in sorted(place_ids)])


def find_place(drift: Drift) -> Place | None:
    """Return where the book of a drift is left; None if it is not, or erased."""
    return db.session.get(Place, drift.place_id) if drift.place_id else None


def get_place(place_id: int) -> Place:
    """Return a place.

    :raises NotFound: there is none with this id.
    """
    place = db.session.get(Place, place_id)
    if place is None:
        raise NotFound
    return place


@transaction
def add_place(facts: PlaceFacts) -> int:
    """Store a new place and return its id.

    :raises PlaceKnown: there is one of this name in this area.
    """
    _ensure_is_new(facts, None)
    place = Place(**asdict(facts))
    db.session.add(place)
    db.session.flush()
    return place.id


@transaction
def change_place(place_id: int, facts: PlaceFacts) -> None:
    """Change what is said of a place.

    :raises NotFound: there is no such place.
    :raises PlaceKnown: there is another one of this name in this area.
    """
    place = get_place(place_id)
    _ensure_is_new(facts, place_id)
    place.set_attrs(asdict(facts))


def _ensure_is_new(facts: PlaceFacts, place_id: int | None) -> None:
    same = db.session.scalar(select(Place.id).where(Place.area == facts.area, Place.name == facts.name))
    if same is not None and same != place_id:
        raise PlaceKnown()


@transaction
def close_place(place_id: int, closed: bool = True) -> None:
    """Close a place, so that nobody can ask for a book to be left there, or open it again; idempotent.

    Books that are on their way there are not affected.

    :raises NotFound: there is no such place.
    """
    get_place(place_id).closed = closed


@transaction
def store_places(places: Sequence[tuple[PlaceFacts, bool | None]]) -> tuple[int, int]:
    """Store places; return how many are new, and how many have changed.

    With each place comes whether it is closed; None leaves that as it is. A place is known by its area and name. Those
    that are not among these are left alone.
    """
    known = {(place.area, place.name): place for place in db.session.scalars(select(Place))}
    added = changed = 0
    for facts, closed in places:
        said = asdict(facts) | ({} if closed is None else {"closed": closed})
        place = known.get((facts.area, facts.name))
        if place is None:
            known[facts.area, facts.name] = place = Place(**said)
            db.session.add(place)
            added += 1
        elif any(getattr(place, name) != value for name, value in said.items()):
            place.set_attrs(said)
            changed += 1
    return added, changed


def list_all_places() -> Sequence[Place]:
    """Return all places, in the order of their areas and names."""
    return db.session.scalars(select(Place).order_by(Place.area, Place.name)).all()
