"""The refusals of lists that readers bring along."""

from __future__ import annotations

from dataclasses import dataclass

from app.rules.refusal import Refusal


@dataclass(eq=False)
class ListTooLong(Refusal):
    """The list has more than this many rows."""

    most: int


@dataclass(eq=False)
class ListTooLarge(Refusal):
    """The text or file, or what is packed in it, has more than this many megabytes."""

    megabytes: int


@dataclass(eq=False)
class UnknownList(Refusal):
    """The file is a table, but of no known program: no column is named as that of a title or an ISBN."""

    columns: str
    """The names of its first columns, "" when it has none."""


@dataclass(eq=False)
class UnreadableList(Refusal):
    """The file is no list that can be read; `kind` is one of `KINDS` if it is known what it is instead."""

    kind: str | None = None


@dataclass(eq=False)
class BasketFull(Refusal):
    """The basket holds ``most`` lines at most, and ``lines`` are in it: no room for what was brought."""

    most: int
    lines: int


class UnreadablePhoto(Refusal):
    """What was sent is no picture that can be read, or has too many pixels."""

    status = 400


class NoBarcode(Refusal):
    """There is no barcode of a book in the photo."""

    status = 400


KINDS = ("old_excel", "opendocument", "packed", "pdf", "web_page", "encoding")
"""What a file may be instead of a list; by `encoding` it is a text, of which the letters cannot be told."""
