"""A search by work finds each work once; its pages, cursors and totals fit together."""

from random import Random

import pytest

from app.models.book import Book
from app.search import Filter, InvalidCursor
from app.search.write.source import BookSource, Ranking
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


@pytest.mark.parametrize("seed", range(3))
def test_a_filter_leaves_out_exactly_the_other_books_of_all_pages(library, seed):
    chance = Random(seed)
    languages = [chance.choice(("zh", "en", "fr", "")) for _ in range(300)]
    titles = [f"{chance.choice(('海边', '海岛', 'haibian shore'))} {number % 7}" for number in range(300)]
    given = {number for number in range(1, 301) if chance.random() < 0.3}
    library.source = BookSource(library.engine, Ranking(has_gift=Book.id.in_(given)))
    rows = [{"title": title, "language": language} for title, language in zip(titles, languages, strict=True)]
    ids = library.add_rows(row | {"work_id": chance.randint(1, WORKS)} for row in rows)
    library.build()
    language_of = dict(zip(ids, languages, strict=True))
    for words in ("海边", "海", "haibian", "shore 3", "海边 1"):
        everything = pages_of(library.index, words)
        for kept in (Filter(is_had=True), Filter(language="en"), Filter(language="other"), Filter(True, "zh")):
            fitting = {
                id
                for id in ids
                if (id in given or not kept.is_had)
                and (
                    not kept.language
                    or kept.language == (language_of[id] if language_of[id] in {"zh", "en"} else "other")
                )
            }
            assert fitting & set(everything) <= set(pages_of(library.index, words, kept=kept)) <= fitting
            assert set(pages_of(library.index, words, kept=kept, by_work=True)) <= fitting


def pages_of(index, words, **options):
    answer = index.search(words, per_page=7, **options)
    ids, total = list(answer.book_ids), answer.total
    while answer.next_cursor:
        answer = index.search(words, cursor=answer.next_cursor, per_page=7, **options)
        ids += answer.book_ids
    assert total == len(ids) == len(set(ids))
    return ids


def test_a_cursor_is_good_for_its_filter_only(library):
    library.add(*(f"海边 {number}" for number in range(30)), language="zh")
    library.build()
    cursor = library.index.search("海边", kept=Filter(language="zh")).next_cursor
    with pytest.raises(InvalidCursor):
        library.index.search("海边", cursor=cursor)
