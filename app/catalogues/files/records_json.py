"""Books as JSON: a list of records, a record that holds such a list, or a record on each line."""

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import orjson

from app.catalogues.files.list_files import BadLine, ListFile, UnreadableFile

MOST_BYTES = 64 * 1024**2
"""Of a list, which is held in memory; a file of lines may be of any length."""
LOOKED_AT = 1_000


def json_rows(path: Path, header: Sequence[str]) -> Iterator[tuple[int, list[object] | BadLine]]:
    """Yield the number of each record and its values in the order of `header`.

    :raises UnreadableFile: there is no record in it.
    """
    for number, record in _records(path):
        yield number, record if isinstance(record, BadLine) else [record.get(name, "") for name in header]


def json_names(path: Path) -> dict[str, None]:
    """Return the names of the fields of the first records, in their order.

    :raises UnreadableFile: it is no JSON.
    """
    names: dict[str, None] = {}
    for _, record in islice(_records(path), LOOKED_AT):
        if not isinstance(record, BadLine):
            names |= dict.fromkeys(record)
    return names


def _records(path: Path) -> Iterator[tuple[int, dict[str, object] | BadLine]]:
    with ListFile(path) as file:
        first = next((line for line in file.lines() if line is None or line.strip()), b"")
    record = None if first is None else _parsed(first)
    if isinstance(record, dict) and not _list_in(record):
        yield from _by_lines(path)
    else:
        yield from _in_one(path)


def _by_lines(path: Path) -> Iterator[tuple[int, dict[str, object] | BadLine]]:
    with ListFile(path) as file:
        for number, line in enumerate(file.lines(), 1):
            if line is None:
                yield number, BadLine("the line is too long to be read")
            elif line.strip():
                found = _parsed(line)
                yield number, found if isinstance(found, dict) else BadLine("the line is no JSON record")


def _in_one(path: Path) -> Iterator[tuple[int, dict[str, object] | BadLine]]:
    with ListFile(path) as file:
        data = file.read(MOST_BYTES)
    if data is None:
        raise UnreadableFile(f"the list is longer than {MOST_BYTES} bytes: write it as a record on each line")
    whole = _parsed(data)
    if whole is None:
        raise UnreadableFile("it is not JSON")
    records = whole if isinstance(whole, list) else _list_in(whole) or [whole]
    for number, record in enumerate(records, 1):
        yield number, record if isinstance(record, dict) else BadLine("the entry is no JSON record")


def _list_in(found: object) -> list[object]:
    """The one list of records in a record such as `{"books": […]}`."""
    values = found.values() if isinstance(found, dict) else []
    lists = [value for value in values if isinstance(value, list) and value and all(isinstance(v, dict) for v in value)]
    has_isbn = isinstance(found, dict) and any("isbn" in str(name).lower() for name in found)
    return lists[0] if len(lists) == 1 and not has_isbn else []


def _parsed(data: bytes) -> object:
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(data)  # takes NaN, too, which pandas writes
    except (ValueError, RecursionError):
        return None
