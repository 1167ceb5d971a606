"""Pagination; long lists are read from the end that is nearer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, UnaryExpression

Item = TypeVar("Item")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """One page of a list; `page` counts from 1, `total` is the number of rows on all pages."""

    rows: Sequence[Item]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        """The number of pages; an empty list has one."""
        return max(1, -(-self.total // self.size))


class Part(NamedTuple):
    """Where the rows of a page are: how many rows come before them, counted from the nearer end of the list."""

    skipped: int
    size: int
    is_from_oldest: bool = False

    def order(self, number: ColumnElement[Any]) -> UnaryExpression[Any]:
        """Return the ORDER BY clause that reads the list from that end."""
        return number.asc() if self.is_from_oldest else number.desc()


def part_of(total: int, page: int, size: int) -> Part:
    """Return the part of a list that is on a page; `page` counts from 1."""
    return part_behind(total, (page - 1) * size, size)


def part_behind(total: int, skipped: int, size: int) -> Part:
    """Return the part of a list with up to `size` rows after the first `skipped`."""
    size = max(0, min(size, total - skipped))
    older = max(0, total - skipped - size)
    return Part(older, size, is_from_oldest=True) if older < skipped else Part(skipped, size)
