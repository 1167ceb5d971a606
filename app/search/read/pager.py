"""Cutting pages out of the hits: every book, or each work once."""

from dataclasses import replace

from app.search.read.hits import IndexReading
from app.search.read.paging import Position
from app.search.read.stages import COUNTED, Staged


class Pager:
    """Cuts a page out of the candidates and the rows that follow them."""

    def __init__(self, reading: IndexReading, staged: Staged) -> None:
        self._reading, self._staged = reading, staged

    def page(self, position: Position, size: int) -> tuple[list[int], Position | None]:
        """Return the rows of a page and where the next one begins."""
        shown = list(self._staged.rows)
        if position.after_row is None and position.offset < len(shown):
            rows = shown[position.offset : position.offset + size]
            if position.offset + size < len(shown):
                return rows, Position(offset=position.offset + size)
            more = self._rest(0, size - len(rows) + 1)
            return self._cut(rows + more, size, len(rows))
        if position.after_row is not None:
            return self._cut(self._rest(position.after_row, size + 1), size, 0)
        skipped = position.offset - len(shown)
        return self._cut(self._rest(0, skipped + size + 1)[skipped:], size, 0)

    def _cut(self, rows: list[int], size: int, staged: int) -> tuple[list[int], Position | None]:
        if len(rows) <= size:
            return rows, None
        return rows[:size], Position(after_row=rows[size - 1] if size > staged else 0)

    def _rest(self, after: int, count: int) -> list[int]:
        """Return the next rows in plain rank order, except those already shown as candidates."""
        if self._staged.rest is None:
            return []
        found = self._reading.rows(self._staged.rest, count + len(self._staged.rows), after)
        return [row for row in found if row not in self._staged.rows][:count]

    def total(self) -> tuple[int, bool]:
        """Return the number of hits, and whether there are more than could be counted."""
        staged, reading = self._staged, self._reading
        if staged.rest is None:
            return len(staged.rows), reading.is_over
        if staged.fast_rest and reading.count(staged.fast_rest, COUNTED + 1) > COUNTED:
            return COUNTED, True
        if staged.has_rows_outside_rest:
            counted = len({*staged.rows, *reading.rows(staged.rest, COUNTED + 1)})
        else:
            counted = reading.count(staged.rest, COUNTED + 1)
        if reading.is_over:
            return max(counted, len(staged.rows)), True
        return min(counted, COUNTED), counted > COUNTED


class WorkPager(Pager):
    """Shows each work once, as the first of its hits."""

    def __init__(self, reading: IndexReading, staged: Staged) -> None:
        works = reading.works(staged.rows)
        first = {works[row]: row for row in reversed(staged.rows) if row in works}
        shown = set(first.values())
        super().__init__(reading, replace(staged, rows={row: None for row in staged.rows if row in shown}))
        self._works = first.keys()

    def _rest(self, after: int, count: int) -> list[int]:
        """Return the next rows in plain rank order that are the first of their work."""
        found: list[int] = []
        size = count + len(self._works)
        while self._staged.rest is not None and len(found) < count and not self._reading.is_over:
            rows = self._reading.rows(self._staged.rest, size, after)
            found += self._first_of_works(rows)
            if len(rows) < size:
                break
            after = rows[-1]
        return found[:count]

    def _first_of_works(self, rows: list[int]) -> list[int]:
        works = self._reading.works(rows)
        new = {row: work for row, work in works.items() if work not in self._works}
        earlier = [(row, work) for row, work in self._reading.editions(set(new.values())) if row <= max(new)]
        rest = self._staged.rest
        hits = set(self._reading.among(rest, [row for row, _ in earlier if row not in new])) if rest else set()
        first = {work: row for row, work in reversed(earlier) if row in new or row in hits}
        return [row for row in rows if row in new and first.get(new[row]) == row]

    def total(self) -> tuple[int, bool]:
        """Return the number of works, and whether there are more than could be counted."""
        staged, reading = self._staged, self._reading
        if staged.rest is None:
            return len(staged.rows), reading.is_over
        works = reading.works_of(staged.rest, COUNTED + 1) | self._works
        return min(len(works), COUNTED), reading.is_over or len(works) > COUNTED
