"""Records of JSON: a list of them, whatever holds it, a table as pandas writes it, or a record on each line."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

import orjson

from app.catalogues.files.cells import flat
from app.catalogues.files.columns import find_columns
from app.catalogues.files.encodings import mark_of
from app.catalogues.files.list_files import BadLine, ListFile, UnreadableFile

MOST_BYTES = 64 * 1024**2
"""Of a list, which is held in memory; a file of lines may be of any length."""
LOOKED_AT = 1_000
MOST_NESTED = 64
"""How deep lists and records stand in each other; a bound of our own, as that of `json` depends on the Python."""
DEEPEST = 4
"""In how many records a list of records is looked for."""

NumberedRecord = tuple[int, dict[str, object] | BadLine]


def json_rows(path: Path, encoding: str, header: Sequence[str]) -> Iterator[tuple[int, list[object] | BadLine]]:
    """Yield the number of each record and its values in the order of `header`.

    :raises UnreadableFile: there is no record in it.
    """
    for number, record in read_records(path, encoding):
        yield number, record if isinstance(record, BadLine) else [record.get(name, "") for name in header]


def json_names(path: Path, encoding: str) -> dict[str, None]:
    """Return the names of the fields of the first records, in their order.

    :raises UnreadableFile: it is no JSON.
    """
    names: dict[str, None] = {}
    for _, record in islice(read_records(path, encoding), LOOKED_AT):
        if not isinstance(record, BadLine):
            names |= dict.fromkeys(record)
    return names


def read_records(path: Path, encoding: str = "") -> Iterator[NumberedRecord]:
    """Yield the records with their numbers, those of lines by the lines.

    :raises UnreadableFile: it is no JSON, or longer than `MOST_BYTES` and not one record on each line.
    """
    with _opened(path, encoding) as file:
        filled = (line for line in file.lines() if line is None or line.strip())
        first, second = (next(filled, b"") or b"" for _ in range(2))
    is_list = first.lstrip(b"\xef\xbb\xbf \t").startswith(b"[")
    is_by_lines = second and not is_list and any(isinstance(_parsed(line), dict) for line in (first, second))
    yield from (_by_lines if is_by_lines else _in_one)(path, encoding)


def _opened(path: Path, encoding: str) -> ListFile:
    file = ListFile(path)
    if encoding := encoding or mark_of(file.peek()):
        file.recode(encoding)
    return file


def _by_lines(path: Path, encoding: str) -> Iterator[NumberedRecord]:
    with _opened(path, encoding) as file:
        for number, line in enumerate(file.lines(), 1):
            if line is None:
                yield number, BadLine("the line is too long to be read")
            elif line.strip():
                found = _parsed(line)
                yield number, found if isinstance(found, dict) else BadLine("the line is no JSON record")


def _in_one(path: Path, encoding: str) -> Iterator[NumberedRecord]:
    with _opened(path, encoding) as file:
        data = file.read(MOST_BYTES)
    if data is None:
        raise UnreadableFile(f"the list is longer than {MOST_BYTES} bytes: write it as a record on each line")
    faults: list[str] = []
    whole = _parsed(data, faults.append)
    if faults:
        raise UnreadableFile(f"it is not JSON: {faults[0]}")
    for number, record in enumerate(_records_in(whole), 1):
        yield number, record if isinstance(record, dict) else BadLine("the entry is no JSON record")


def _records_in(whole: object) -> list[object]:
    """Return the records, whatever shape holds them."""
    if isinstance(whole, dict):
        if isinstance(names := whole.get("columns"), list) and isinstance(rows := whole.get("data"), list):
            return _of_rows(names, rows)  # pandas' "split"
        if found := _list_in(whole):
            return found
        if whole and all(isinstance(value, dict) for value in whole.values()):
            return _of_columns(whole) if find_columns(list(whole)).is_complete else list(whole.values())
        return [whole]
    if not isinstance(whole, list):
        return [whole]
    if whole and isinstance(whole[0], list) and all(isinstance(name, str) for name in whole[0]):
        return _of_rows(whole[0], whole[1:])
    return flat(whole)


def _of_rows(names: list[object], rows: list[object]) -> list[object]:
    return [dict(zip(map(str, names), row, strict=False)) if isinstance(row, list) else row for row in rows]


def _of_columns(columns: Mapping[str, dict[str, object]]) -> list[object]:
    """The rows of columns that are records from the number of a row to its value, as pandas writes them by default."""
    rows = dict.fromkeys(row for column in columns.values() for row in column)
    return [{name: column.get(row) for name, column in columns.items()} for row in rows]


def _list_in(found: object, depth: int = DEEPEST) -> list[object]:
    """The one list of records in a record such as `{"books": […]}`; a record of MARC, or of a book, holds none."""
    if (
        not isinstance(found, dict)
        or not depth
        or "fields" in found
        or any("isbn" in str(name).lower() for name in found)
    ):
        return []
    lists = [value for value in found.values() if _is_list_of_records(value)]
    lists = lists or list(filter(None, (_list_in(value, depth - 1) for value in found.values())))
    return lists[0] if len(lists) == 1 else []


def _is_list_of_records(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(entry, dict) for entry in value)


def _parsed(data: bytes, tell: Callable[[str], object] = str) -> object:
    """Return what the JSON says; None if it is none, and `tell` why."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        found = _read(data)
    except UnicodeDecodeError:
        tell("it is not UTF-8; name its encoding by --encoding NAME")
    except RecursionError:
        tell("its lists are nested too deeply")
    except ValueError as error:
        tell(str(error))
    else:
        if data.count(b"[") + data.count(b"{") <= MOST_NESTED or not _is_too_deep(found):
            return found
        tell("its lists are nested too deeply")
    return None


def _read(data: bytes) -> object:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return json.loads(data, strict=False)  # takes NaN, which pandas writes, and line ends within a text


def _is_too_deep(found: object) -> bool:
    level = [found]
    for _ in range(MOST_NESTED):
        level = [
            inner
            for value in level
            if isinstance(value, (list, dict))
            for inner in (value.values() if isinstance(value, dict) else value)
        ]
    return bool(level)
