"""Loading the areas that readers choose from out of the table that comes with the site; see docs/areas.md."""

import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, select, update

from app.models.area import Area
from app.models.base import DELETED, LIVE, db
from app.search.text.tokens import split_runs
from app.search.text.version import normaliser_version
from app.services.hashing import plain_hash
from app.services.transaction import transaction

TABLE = Path(__file__).parent / "areas.tsv.xz"
ITSELF = ""
"""The path of a hidden row that holds the version of the table loaded last, so that nothing is compared twice."""
_AT_ONCE = 5_000
_ROW = ("path", "name_zh", "name_en", "weight", "sought", "status")
Row = tuple[str, str, str, int, str, int]


class Loaded(NamedTuple):
    """How many areas came, changed and went."""

    added: int = 0
    changed: int = 0
    hidden: int = 0


@transaction
def load_areas(table: Path = TABLE) -> Loaded:
    """Bring the areas of the site to those of the table; areas that it no longer has are hidden.

    A second time it changes nothing.
    """
    text = lzma.decompress(table.read_bytes()).decode()
    version = plain_hash(f"{normaliser_version()}\n{text}")
    stored = select(*(getattr(Area, name) for name in _ROW)).execution_options(include_deleted=True)
    if (
        db.session.scalar(select(Area.sought).where(Area.path == ITSELF).execution_options(include_deleted=True))
        == version
    ):
        return Loaded()
    wanted = {row[0]: row for row in _rows(text)}
    present = {row.path: tuple(row) for row in db.session.execute(stored)}
    gone = [(*row[:5], DELETED) for path, row in present.items() if path not in wanted and row[5] == LIVE]
    added = [row for path, row in wanted.items() if path not in present]
    changed = [row for path, row in wanted.items() if present.get(path, row) != row]
    itself = (ITSELF, "", "", 0, version, DELETED)
    _insert(added if ITSELF in present else [*added, itself])
    _update([*changed, *gone, itself])
    return Loaded(len(added), len(changed), len(gone))


def _insert(rows: list[Row]) -> None:
    for start in range(0, len(rows), _AT_ONCE):
        db.session.execute(insert(Area), [dict(zip(_ROW, row, strict=True)) for row in rows[start : start + _AT_ONCE]])


def _update(rows: list[Row]) -> None:
    areas: Any = Area.__table__
    statement = update(areas).where(areas.c.path == bindparam("which"))
    values = [{"which": row[0]} | dict(zip(_ROW[1:], row[1:], strict=True)) for row in rows]
    db.session.connection().execute(statement, values)


def _rows(text: str) -> Iterator[Row]:
    """Return the rows of the areas; the table has each area below the areas around it."""
    around: dict[str, Row] = {}
    for line in text.splitlines():
        path, zh, en, weight, others = line.split("\t")
        above, _, last = path.rpartition("/")
        while above and above not in around:
            above = above.rpartition("/")[0]
        zh, en = zh or last, en or last
        words = "".join(f" {run}" for run in dict.fromkeys(split_runs(f"{en} {zh} {others}")))
        if above:
            _, zh_above, en_above, _, words_above, _ = around[above]
            zh, en, words = f"{zh_above} · {zh}", f"{en}, {en_above}", words + words_above
        around[path] = path, zh, en, int(weight), words, LIVE
        yield around[path]
