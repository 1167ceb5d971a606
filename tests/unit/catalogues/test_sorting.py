import csv

import pytest
from pypinyin import lazy_pinyin

from app.catalogues.text.sorting import LONGEST_KEY, sort_key
from app.commands.books import STARTER_BOOKS


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("三体", "san ti"), ("《围城》", "wei cheng"), ("重庆往事", "chong qing wang shi"),
        ("重要的事", "zhong yao de shi"), ("长安", "chang an"), ("女人", "nu ren"), ("安徒生", "an tu sheng"),
        ("阿Q与我", "a q yu wo"), ("The Hobbit", "hobbit"), ("A", "a"), ("Éloge", "eloge"), ("１９８４", "~1984"),
        ("ノルウェイ", "~ノルウェイ"), ("ガラス", "~ガラス"), ("", "~"), ("😀", "~"), ("Don't", "don t"),
        ("Война", "~воина"),
    ],
)  # fmt: skip
def test_titles_get_the_key_a_reader_expects(title, key):
    assert sort_key(title) == key


def test_keys_fit_their_column_and_never_fail():
    for title in ("长" * 1000, "\x00" * 9, "\ud800", "ﷺ" * 80, "ß" * 500):
        assert 0 < len(sort_key(title)) <= LONGEST_KEY


def test_the_starter_books_stand_under_the_letter_that_the_phrase_dictionary_says():
    with STARTER_BOOKS.open(encoding="utf-8", newline="") as file:
        titles = [row["title"] for row in csv.DictReader(file)]
    chinese = [title for title in titles if "\u4e00" <= title[0] <= "\u9fff"]
    assert len(chinese) > 100
    assert [title for title in chinese if sort_key(title)[0] != lazy_pinyin(title)[0][0]] == []
