"""Pages of lists; the longest are read from their nearer end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, UnaryExpression

Item = TypeVar("Item")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """One page of a list; `page` counts from 1, `total` are the rows on all pages."""

    rows: Sequence[Item]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.size))


class Part(NamedTuple):
    """Where the rows of a page are: behind so many others, counted from the nearer end of the list."""

    skipped: int
    size: int
    is_from_oldest: bool = False

    def order(self, number: ColumnElement[Any]) -> UnaryExpression[Any]:
        """Return the order in which the list is read."""
        return number.asc() if self.is_from_oldest else number.desc()


def part_of(total: int, page: int, size: int) -> Part:
    """Return where a page of a list is; `page` counts from 1."""
    return part_behind(total, (page - 1) * size, size)


def part_behind(total: int, skipped: int, size: int) -> Part:
    """Return where up to `size` rows behind `skipped` others are."""
    size = max(0, min(size, total - skipped))
    older = max(0, total - skipped - size)
    return Part(older, size, is_from_oldest=True) if older < skipped else Part(skipped, size)
