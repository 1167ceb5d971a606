import pytest

from app.catalogues.base import BookRecord
from app.services.book.merging import merged_values, new_values

FIRST = BookRecord(isbn="9787536692930", title="三体", authors=("刘慈欣",), pubdate="2008", summary="短", source="a")


def merge(*records, by_hand=False, corrects=()):
    row = new_values(records[0], by_hand)
    for number, record in enumerate(records[1:], 1):
        row |= merged_values(row, record, corrects=number in corrects)
    return row


def test_the_first_answer_stays_and_later_ones_fill_its_gaps():
    row = merge(FIRST, FIRST._replace(title="Three Body", publisher="重庆出版社", pages=302, source="b"))
    assert (row["title"], row["publisher"], row["pages"], row["source"]) == ("三体", "重庆出版社", 302, "a")


@pytest.mark.parametrize(
    ("name", "poorer", "fuller"),
    [
        ("summary", "短", "一个长得多的简介"), ("authors", ("刘慈欣",), ("刘慈欣", "某人")),
        ("pubdate", "2008", "2008-01"), ("language", "", "zh"), ("cover", "", "https://x.example/1.jpg"),
    ],
)  # fmt: skip
def test_fuller_data_wins_in_either_order(name, poorer, fuller):
    expected = list(fuller) if isinstance(fuller, tuple) else fuller
    poor, full = FIRST._replace(**{name: poorer}), FIRST._replace(**{name: fuller})
    assert merge(poor, full)[name] == expected
    assert merge(full, poor)[name] == expected


def test_another_date_does_not_replace_the_first():
    assert merge(FIRST, FIRST._replace(pubdate="2010-05"))["year"] == 2008


def test_merging_the_same_records_again_changes_nothing():
    longer = FIRST._replace(summary="一个长得多的简介", pubdate="2008-01")
    records = [FIRST, longer, FIRST._replace(title="", pages=1)]
    row = merge(*records)
    assert [merged_values(row, record) for record in records] == [{}, {}, {}]


def test_a_book_known_by_hand_becomes_the_catalogue_s():
    row = merge(FIRST, FIRST._replace(title="三体全集", source="openlibrary"), by_hand=True)
    assert (row["title"], row["source"], row["entered_by_hand"]) == ("三体全集", "openlibrary", False)
    assert (row["sort_key"], row["summary"]) == ("san ti quan ji", "短")


def test_a_correction_wins_and_no_catalogue_changes_it_again():
    corrected = FIRST._replace(title="三体（修订）", summary="", authors=(), pubdate="", source="import")
    later = FIRST._replace(title="错的", summary="一个长得多的简介" * 3)
    row = merge(FIRST, corrected, later, corrects={1})
    assert (row["title"], row["sort_key"]) == ("三体（修订）", "san ti xiu ding")
    assert row["authors"] == ["刘慈欣"]
    assert row["summary"] == later.summary
    assert merged_values(row, corrected, corrects=True) == {}


def test_an_empty_record_takes_nothing_away():
    assert merged_values(merge(FIRST), BookRecord(isbn=FIRST.isbn, title="")) == {}
