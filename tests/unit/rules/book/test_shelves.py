import csv
from collections import Counter

import pytest

from app.commands.books import STARTER_BOOKS
from app.rules.book.shelves import Shelf, shelf_named, shelves_of


@pytest.mark.parametrize(
    ("subjects", "shelves"),
    [
        (["科幻", "外星文明", "文化大革命", "物理学"], [Shelf.SCIFI]),
        (["Science fiction", "Space travel", "Physics"], [Shelf.SCIFI]),
        (["Fiction, science fiction, general"], [Shelf.SCIFI]),
        (["推理小说", "日本文学", "社会"], [Shelf.MYSTERY]),
        (["Detective and mystery stories", "Art thefts"], [Shelf.MYSTERY]),
        (["武俠小說"], [Shelf.FANTASY]),
        (["小说", "中国当代文学", "农村"], [Shelf.LITERATURE]),
        (["Novel", "Politics", "Love"], [Shelf.LITERATURE]),
        (["诗歌", "英国文学"], [Shelf.LITERATURE]),
        (["English literature -- History and criticism"], [Shelf.LITERATURE]),
        (["历史", "中国史", "思想史"], [Shelf.HISTORY, Shelf.SOCIETY]),
        (["历史小说", "英国文学"], [Shelf.LITERATURE]),
        (["United States -- History -- Civil War, 1861-1865"], [Shelf.HISTORY]),
        (["传记", "电影"], [Shelf.HISTORY, Shelf.ART]),
        (["纪实", "埃博拉", "病毒"], [Shelf.SCIENCE]),
        (["纪实", "劳动"], [Shelf.SOCIETY]),
        (["Political science", "Social sciences"], [Shelf.SOCIETY]),
        (["Science"], [Shelf.SCIENCE]),
        (["Computer science"], [Shelf.COMPUTING]),
        (["编程", "Python"], [Shelf.COMPUTING]),
        (["Cooking, Chinese"], [Shelf.ART]),
        (["Picture book", "Animals"], [Shelf.CHILDREN]),
        (["Juvenile fiction", "Wizards"], [Shelf.FANTASY, Shelf.CHILDREN]),
        (["历史", "世界史", "少年读物"], [Shelf.HISTORY, Shelf.CHILDREN]),
        (["", "???", "Zanzibar"], []),
        ([], []),
        (["x" * 100_000, "科幻" * 10_000], [Shelf.SCIFI]),
    ],
)
def test_a_book_stands_where_readers_look_for_it(subjects, shelves):
    assert list(shelves_of(subjects)) == shelves


def test_each_starter_book_has_a_shelf_and_each_shelf_some_of_them():
    with STARTER_BOOKS.open(encoding="utf-8", newline="") as file:
        found = [shelves_of(row["subjects"].split("|")) for row in csv.DictReader(file)]
    assert all(found)
    counts = Counter(shelf for shelves in found for shelf in shelves)
    assert min(counts[shelf] for shelf in Shelf) >= 5


@pytest.mark.parametrize(
    ("text", "shelf"),
    [
        ("科幻", Shelf.SCIFI), ("sci-fi", Shelf.SCIFI), ("Mystery", Shelf.MYSTERY), ("武侠", Shelf.FANTASY),
        ("武俠小說", Shelf.FANTASY), (" 小说 ", Shelf.LITERATURE), ("memoir", Shelf.HISTORY), ("编程", Shelf.COMPUTING),
        ("三体", None), ("history of china", None), ("", None), ("纪实", None), ("科幻世界", None),
    ],
)  # fmt: skip
def test_a_search_for_a_subject_and_nothing_else_names_its_shelf(text, shelf):
    assert shelf_named(text) == shelf
