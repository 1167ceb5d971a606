"""A search by work finds each work once; its pages, cursors and totals fit together."""

from random import Random

import pytest

from app.search.write.update import update_index
from tests.search.conftest import WORKS


def all_pages(index, words, per_page=4):
    """Return the ids on all pages, going on by cursors, and the total that the first page tells."""
    answer = index.search(words, per_page=per_page, by_work=True)
    ids, total = list(answer.book_ids), answer.total
    while answer.next_cursor:
        assert len(answer.book_ids) == per_page
        answer = index.search(words, cursor=answer.next_cursor, per_page=per_page, by_work=True)
        ids += answer.book_ids
    return ids, total


@pytest.mark.parametrize("seed", range(4))
def test_each_work_is_found_once_on_all_pages_together(library, seed):
    chance = Random(seed)
    works = [chance.randint(1, WORKS) for _ in range(400)]
    titles = [f"海边 {chance.choice(('书', '海', '岛'))} {number}" for number in range(400)]
    ids = library.add_rows({"title": title, "work_id": work} for title, work in zip(titles, works, strict=True))
    library.build()
    work_of = dict(zip(ids, works, strict=True))
    for words in ("海边", "海边 岛", "海"):
        everything = library.index.search(words, per_page=100)
        hits = list(everything.book_ids)
        while everything.next_cursor:
            everything = library.index.search(words, cursor=everything.next_cursor, per_page=100)
            hits += everything.book_ids
        found, total = all_pages(library.index, words)
        assert [work_of[id] for id in found] == list(dict.fromkeys(work_of[id] for id in hits))
        assert total == len(found)
        numbered = [
            id
            for page in range(1, 40)
            for id in library.index.search(words, page=page, per_page=4, by_work=True).book_ids
        ]
        assert numbered == found


def test_a_book_that_has_moved_to_another_work_is_found_with_it(library):
    first, second = library.add("三体", "三体", work_id=1)
    library.build()
    assert library.index.search("三体", by_work=True).book_ids == (first,)
    library.change(second, work_id=2)
    update_index(library.path, library.source)
    assert library.index.search("三体", by_work=True).book_ids == (first, second)


def test_a_search_for_a_number_finds_every_edition(library):
    ids = library.add("三体", "三体", work_id=1)
    library.build()
    assert library.index.search("97870000", by_work=True).book_ids == tuple(ids)
