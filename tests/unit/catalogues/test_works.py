"""What catalogues say of the work behind an edition: series, subjects, original title, key, first year."""

import pytest

from app.catalogues.text.editions import original_title_of, series_of_edition, subjects_of, work_key_of
from app.catalogues.text.series import clean_number, series_in_title, series_of
from app.catalogues.text.subjects import (
    LONGEST_SUBJECT,
    MOST_SUBJECTS,
    clean_subjects,
    joined_subjects,
    split_subjects,
)
from app.catalogues.text.works import clean_original_title, clean_work_key, clean_year


@pytest.mark.parametrize(
    ("statement", "name", "number"),
    [
        ("Fen Tales", "Fen Tales", ""), ("Fen tales series,", "Fen tales series", ""),
        ("Fen Tales #1", "Fen Tales", "1"),
        ("Fen Tales, #1.5", "Fen Tales", "1.5"), ("Marsh handbooks, No. 2", "Marsh handbooks", "2"),
        ("Marsh handbooks, 254", "Marsh handbooks", "254"), ("Marsh classics ; 12", "Marsh classics", "12"),
        ("Lamp books -- B-16.", "Lamp books", "B-16"), ("Lectures on fens ; vol. 12", "Lectures on fens", "12"),
        ("Bog stories (Unnumbered)", "Bog stories", ""), ("The Fen Ring, Book IV", "The Fen Ring", "IV"),
        ("Série des lampes, n° 34", "Série des lampes", "34"), ("Lampenreihe ; Bd. 7", "Lampenreihe", "7"),
        ("Лампы ; вып. 3", "Лампы", "3"), ("沼泽丛书 第2辑", "沼泽丛书", "2"), ("沼泽丛书（二）", "沼泽丛书", "二"),
        ("沼泽往事（上）", "沼泽往事", "上"), ("沼泽丛书（精装）", "沼泽丛书（精装）", ""), ("Area 51", "Area 51", ""),
        ("1984", "1984", ""), ("#1", "", ""), ("第三辑", "", ""), ("Fens | Lamps", "Fens / Lamps", ""), ("", "", ""),
    ],
)  # fmt: skip
def test_a_series_is_parted_from_the_place_in_it(statement, name, number):
    assert series_of(statement) == (name, number)


@pytest.mark.parametrize(
    ("title", "series"),
    [
        ("A Lamp (Fen Tales, #1)", ("Fen Tales", "1")), ("A Lamp (Fen Tales #0.5)", ("Fen Tales", "0.5")),
        ("Lamps (Fen Tales, #1-3)", ("Fen Tales", "1-3")), ("A Lamp (Fen Tales, #1; Bog, #4)", ("Fen Tales", "1")),
        ("灯（沼泽往事，#2）", ("沼泽往事", "2")), ("A Lamp (Fen (Wet) Tales, #3)", ("Fen (Wet) Tales", "3")),
        ("A Lamp (2nd edition)", ("", "")), ("Programs (C# 5)", ("", "")), ("(Fen Tales, #1)", ("", "")),
        ("A Lamp", ("", "")), ("A Lamp #1", ("", "")), ("A Lamp ((((#1", ("", "")),
    ],
)  # fmt: skip
def test_the_series_behind_a_title_is_read(title, series):
    assert series_in_title(title) == series


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("1.0", "1"), ("2", "2"), ("v. [2]", "2"), ("v[2]", "2"), ("#4", "4"), ("第三辑", "三"), ("上", "上"),
        ("1 - 3", "1-3"),
        ("a long story", ""), ("", ""), ("1" * 40, ""), (None, ""),
    ],
)  # fmt: skip
def test_a_number_in_a_series_loses_the_words_around_it(said, number):
    assert clean_number(said) == number


def test_of_the_series_of_an_edition_the_first_counts_with_the_number_behind_it():
    assert series_of_edition({"series": ["College fens,", "56"]}) == ("College fens", "56")
    assert series_of_edition({"series": ["College fens", "College fens series."]}) == ("College fens", "")
    assert series_of_edition({"series": [{"key": "/series/OL1L"}]}) == series_of_edition({}) == ("", "")


def test_subjects_are_few_short_and_none_twice():
    given = ["Fens.", "fens", "x" * (LONGEST_SUBJECT + 1), "2011", "a|b", "\ufffdens", "--", "", 7, None]
    assert clean_subjects(given) == ("Fens", "a/b")
    assert len(clean_subjects(f"Fen {n}th" for n in range(1000))) == MOST_SUBJECTS


def test_what_stands_on_a_shelf_or_is_for_machines_is_no_subject():
    given = ["to-read", "Owned", "想读", "In library", "nyt:fens=2011-03-05", "series:Fen_Tales", "General", "fens"]
    assert clean_subjects(given) == ("fens",)


def test_the_book_s_own_title_and_author_are_no_subject():
    assert clean_subjects(["沼中灯", "安·示例", "沼泽"], "沼中灯", ["[英] 安·示例"]) == ("沼泽",)


@pytest.mark.parametrize(
    ("cell", "subjects"),
    [
        ("fens, lamps", ["fens", " lamps"]), ("Africa, West|Fens", ["Africa, West", "Fens"]),
        ("小说 沼泽", ["小说", "沼泽"]),
        ("小说、沼泽", ["小说", "沼泽"]), ("Bog fiction", ["Bog fiction"]), ("fens/lamps", ["fens", "lamps"]),
        ("""['Young Adult', "Children's"]""", ["Young Adult", "Children's"]), ("[]", ["[]"]),
    ],
)  # fmt: skip
def test_a_cell_of_subjects_is_split_by_its_best_sign(cell, subjects):
    assert split_subjects(cell) == subjects


def test_subjects_of_several_catalogues_are_joined_and_joined_again_stay():
    joined = joined_subjects(["Fens", "lamps"], ["FENS", "bogs"])
    assert joined == joined_subjects(joined, ["bogs", "Lamps"]) == ["Fens", "lamps", "bogs"]
    many = [f"fen {n}" for n in range(MOST_SUBJECTS)]
    assert joined_subjects(many, ["further"]) == many


@pytest.mark.parametrize(
    ("said", "original"),
    [
        ("A Lamp in the Marsh", "A Lamp in the Marsh"), ("Moradas. English.", "Moradas"),
        ("Three lamps.", "Three lamps"),
        ("沼中灯！", ""), ("（英）安·示例", ""), ("Works. 1985.", ""), ("Selections", ""), ("1984", "1984"),
        ("!!", ""), (None, ""),
        (["x"], ""),
    ],
)  # fmt: skip
def test_an_original_title_says_more_than_the_title(said, original):
    assert clean_original_title(said, "沼中灯", ["[英] 安·示例"]) == original


@pytest.mark.parametrize(
    ("edition", "original"),
    [
        ({"translation_of": "Three lamps"}, "Three lamps"), ({"work_titles": ["Three lamps."]}, "Three lamps"),
        ({"other_titles": ["Cover title"]}, ""), ({"translation_of": {"key": "/works/OL1W"}}, ""),
    ],
)  # fmt: skip
def test_an_edition_says_what_it_translates_in_two_ways(edition, original):
    assert original_title_of(edition, "Tres lámparas", ()) == original


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("/works/OL12W", "OL12W"), ("ol12w", "OL12W"), ("https://openlibrary.org/works/OL12W", "OL12W"), ("OL12M", ""),
        ("OL0W", ""), ("", ""), (None, ""), (12, ""), ("OL" + "1" * 40 + "W", ""),
    ],
)  # fmt: skip
def test_a_key_of_a_work_is_known(said, key):
    assert clean_work_key(said) == key


@pytest.mark.parametrize("works", [None, [], "OL1W", [None], [5], [{"key": None}], [{"key": "/books/OL1M"}]])
def test_an_edition_without_a_work_has_no_key(works):
    assert work_key_of({"works": works}) == ""


def test_subjects_of_an_edition_come_before_those_of_its_work():
    edition = {"subjects": ["Fens."], "genres": ["Fiction."]}
    assert subjects_of(edition, ["fens", "bogs"]) == ("Fens", "Fiction", "bogs")
    assert subjects_of({"subjects": "Fens", "genres": 7}) == ("Fens",)


@pytest.mark.parametrize(
    ("said", "year"),
    [
        (1967, 1967), ("1967", 1967), ("1967.0", 1967), (1967.0, 1967), ("-800", -800), ("-750.0", -750),
        ("May 30, 1967", 1967), ("1967-05-30", 1967), ("0", None), (0, None), ("12345", None), ("n/a", None),
        (True, None),
        (None, None), (float("nan"), None), ("9" * 5000, None),
    ],
)  # fmt: skip
def test_a_first_year_is_read_from_numbers_and_dates(said, year):
    assert clean_year(said) == year
