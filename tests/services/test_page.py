"""A page of a long list is read from the nearer end."""

import pytest

from app.services.page import part_of


def take(total, page, size):
    part = part_of(total, page, size)
    numbers = range(total) if part.is_from_oldest else range(total)[::-1]
    return part, sorted(numbers[part.skipped : part.skipped + part.size], reverse=True)


@pytest.mark.parametrize("total", [0, 1, 19, 20, 21, 40, 46, 47])
@pytest.mark.parametrize("page", [1, 2, 3, 4, 9])
def test_a_page_holds_the_same_rows_from_either_end_and_passes_over_half_of_the_list_at_most(total, page):
    part, rows = take(total, page, 20)
    assert rows == list(range(total))[::-1][(page - 1) * 20 : page * 20]
    assert part.skipped <= total / 2
