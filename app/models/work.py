"""Works: the editions that readers take for one book, found by keys that the rules compute for each edition."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from enum import StrEnum
from hashlib import blake2b
from operator import itemgetter
from secrets import token_hex
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Row,
    SmallInteger,
    String,
    bindparam,
    event,
    func,
    inspect,
    or_,
    select,
    update,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from app.models.base import LIVE, Base, db, insert_rows, now
from app.models.book import Book, BookChange
from app.rules.book.placing import Placing
from app.rules.book.work_key import VERSION, Edition, WorkKey, work_keys

KEYED = ("isbn", "title", "subtitle", "authors", "language", "original_title", "series", "series_number", "work_key")
"""The columns of a book by which its work is found."""

_AT_ONCE = 10_000  # values in a statement


class Work(Base):
    """A work, or a further key of one.

    A work has as many keys as its editions have. Its first key is in its own row; each other has a row that is joined
    to it. When two works turn out to be one, the row of one is joined to the other, so that its address stays good.
    """

    __tablename__ = "work"

    key_kind: Mapped[str] = mapped_column(String(12), default="")
    key: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    """The `fingerprint` of the key; None for a work that a person has made."""
    version: Mapped[int] = mapped_column(SmallInteger, default=VERSION)
    """The version of the rules that computed the key."""
    joined_to: Mapped[int | None] = mapped_column(ForeignKey("work.id"), index=True)

    @classmethod
    def find_by_id(cls, id: int) -> "Work | None":
        """Return the work with this id, or the one to which it was joined."""
        work = db.session.get(cls, id) if id < 2**63 else None
        return work if work is None or work.joined_to is None else db.session.get_one(cls, work.joined_to)


class ActKind(StrEnum):
    """What was done."""

    JOIN = "join"
    SPLIT = "split"


class WorkAct(Base):
    """An entry of the log of joining and splitting, which is kept for ever.

    Somebody joined the work `other_id` to `work_id`, or split editions off `work_id`, which made `other_id`.
    """

    __tablename__ = "work_act"

    kind: Mapped[str] = mapped_column(String(8))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    """None: on the command line."""
    work_id: Mapped[int] = mapped_column(ForeignKey("work.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("work.id"), index=True)
    moved: Mapped[list[list[Any]]] = mapped_column(JSON)
    """The editions it changed, each as id of the book, its work and its `placed_by` before."""
    undone_at: Mapped[int | None] = mapped_column(BigInteger)


Marks = tuple[tuple[int, str], ...]
"""The fingerprints of the keys of an edition, the strongest first, each with its `KeyKind`."""


class Place(NamedTuple):
    """An edition whose work is to be found, by its marks.

    It stays in the work `work_id` when that `is_fixed` by a person; otherwise, when no other edition has its keys.
    """

    marks: Marks
    work_id: int | None = None
    is_fixed: bool = False


class _Home(NamedTuple):
    """A work in a group of keys."""

    work_id: int


class _Groups:
    """Keys, and works, that belong together (union-find)."""

    def __init__(self) -> None:
        self._parents: dict[Hashable, Hashable] = {}

    def find(self, node: Hashable) -> Hashable:
        """Return the node that stands for the group."""
        parents = self._parents
        while (parent := parents.setdefault(node, node)) != node:
            parents[node] = node = parents[parent]
        return node

    def unite(self, nodes: Iterable[Hashable]) -> None:
        """Make one group of the groups of all these nodes."""
        first, *others = map(self.find, nodes)
        for other in others:
            self._parents[other] = first

    def list_all(self) -> dict[Hashable, list[Any]]:
        """Return the nodes of each group, as they came, by the node that stands for it."""
        members: dict[Hashable, list[Any]] = {}
        for node in self._parents:
            members.setdefault(self.find(node), []).append(node)
        return members


_work: Any = Work.__table__
_book: Any = Book.__table__
_KNOWN = select(_work.c.key, func.coalesce(_work.c.joined_to, _work.c.id))
_KNOWN = _KNOWN.where(_work.c.key.in_(bindparam("keys", expanding=True)))
"""The keys are bound: the driver would keep the statements of many texts with thousands of numbers in memory."""
_said = itemgetter(*KEYED)


def fingerprint(key: WorkKey) -> int:
    """Return 63 bits that stand for a key and for the version of the rules."""
    text = f"{VERSION}|{key.kind}|{key.text}".encode(errors="surrogatepass")
    return int.from_bytes(blake2b(text, digest_size=8).digest()) >> 1


def marks_of(book: Mapping[str, Any]) -> Marks:
    """Return the marks of a book, of which the columns `KEYED` are given."""
    return tuple((fingerprint(key), key.kind) for key in work_keys(edition_of(book)))


def edition_of(book: Mapping[str, Any]) -> Edition:
    """Return what the rules need of a book, of which the columns `KEYED` are given."""
    isbn, title, subtitle, authors, language, original_title, series, series_number, openlibrary_key = _said(book)
    return Edition(
        isbn=isbn,
        title=title,
        subtitle=subtitle or "",
        authors=authors or (),
        language=language or "",
        original_title=original_title or "",
        series=series or "",
        series_number=series_number or "",
        openlibrary_key=openlibrary_key or "",
        number=isbn or token_hex(),
    )


def find_known_works(connection: Connection, marks: Marks) -> set[int]:
    """Return the works with a key of an edition, which need not be stored."""
    return set(map_known_works(connection, dict(marks)).values())


def map_known_works(connection: Connection, marks: Iterable[int]) -> dict[int, int]:
    """Return the works of those keys that are known, by the fingerprints of the keys, the oldest first."""
    wanted = list(marks)
    rows: list[Row[Any]] = []
    for start in range(0, len(wanted), _AT_ONCE):
        rows += connection.execute(_KNOWN, {"keys": wanted[start : start + _AT_ONCE]}).all()
    return dict(sorted(map(tuple, rows), key=itemgetter(1)))


def find_works(connection: Connection, places: Sequence[Place]) -> list[int]:
    """Return the work of each edition, inside a transaction; works are made, and joined, as the keys say."""
    marks = [dict(place.marks) for place in places]
    kinds = {mark: kind for of_place in marks for mark, kind in of_place.items()}
    known = map_known_works(connection, kinds)
    groups = _Groups()
    for place, of_place in zip(places, marks, strict=True):
        groups.unite([_Home(place.work_id), *of_place] if place.is_fixed and place.work_id else of_place)
    for mark, work_id in known.items():
        groups.unite([mark, _Home(work_id)])
    homes = _known_homes(connection, groups)
    group_of = [groups.find(next(iter(of_place))) for of_place in marks]
    _stay_at_home(homes, group_of, places)
    first_of = {group: next(iter(of_place)) for group, of_place in zip(group_of, marks, strict=True)}
    new = {mark: group for group, mark in first_of.items() if group not in homes}
    newest = connection.scalar(select(func.max(_work.c.id))) or 0
    _add_rows(connection, kinds, dict.fromkeys(new))
    added = connection.execute(select(_work.c.key, _work.c.id).where(_work.c.id > newest))
    homes |= {new[mark]: work_id for mark, work_id in added if mark in new}
    _add_rows(connection, kinds, {mark: homes[groups.find(mark)] for mark in kinds.keys() - known.keys() - new.keys()})
    return [homes[group] for group in group_of]


def _known_homes(connection: Connection, groups: _Groups) -> dict[Hashable, int]:
    """Return the work of each group that has one; if it has several, they have turned out to be one."""
    homes = {}
    for group, nodes in groups.list_all().items():
        works = [node.work_id for node in nodes if isinstance(node, _Home)]
        if works:
            homes[group], *others = works
            join_works(connection, homes[group], others)
    return homes


def _stay_at_home(homes: dict[Hashable, int], group_of: Sequence[Hashable], places: Sequence[Place]) -> None:
    taken = set(homes.values())
    for group, place in zip(group_of, places, strict=True):
        if place.work_id and group not in homes and place.work_id not in taken:
            homes[group] = place.work_id
            taken.add(place.work_id)


def _add_rows(connection: Connection, kinds: Mapping[int, str], keys: Mapping[int, int | None]) -> None:
    """Insert rows for keys, each with the work to which it is joined; in one order, so that no two writers deadlock."""
    made = {"version": VERSION, "create_time": now(), "status": LIVE}
    rows = [{"key": key, "key_kind": kinds[key], "joined_to": keys[key], **made} for key in sorted(keys)]
    insert_rows(connection, _work, rows)


def join_works(connection: Connection, work_id: int, others: Sequence[int]) -> None:
    """Move the editions and the keys of other works to a work; inside a transaction."""
    if not others:
        return
    BookChange.note_of_works(others)
    connection.execute(update(_book).where(_book.c.work_id.in_(others)).values(work_id=work_id))
    keys = or_(_work.c.id.in_(others), _work.c.joined_to.in_(others))
    connection.execute(update(_work).where(keys).values(joined_to=work_id))


@event.listens_for(Book, "before_insert")
def _place_new(_mapper: Mapper[Any], connection: Connection, book: Book) -> None:
    if not inspect(book).dict.get("work_id"):
        _place(connection, book)


@event.listens_for(Book, "before_update")
def _place_changed(_mapper: Mapper[Any], connection: Connection, book: Book) -> None:
    columns = inspect(book).attrs
    is_changed = any(columns[name].history.has_changes() for name in KEYED)
    if is_changed and book.placed_by == Placing.RULES:
        _place(connection, book)


def _place(connection: Connection, book: Book) -> None:
    (book.work_id,) = find_works(connection, [Place(marks_of({name: getattr(book, name) for name in KEYED}))])
    book.work_version = VERSION
