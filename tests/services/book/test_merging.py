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
        ("original_title", "", "Three Body"), ("work_key", "", "OL1W"), ("first_year", None, 2006),
        ("subjects", ("科幻",), ("科幻", "小说")),
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


@pytest.mark.parametrize(
    ("stored", "said", "kept"),
    [
        (("", ""), ("地球往事", "1"), ("地球往事", "1")), (("地球往事", ""), ("地球往事", "1"), ("地球往事", "1")),
        (("地球往事", "1"), ("地球往事", "2"), ("地球往事", "1")), (("地球往事", "1"), ("地球往事", ""),
        ("地球往事", "1")),
        (("地球往事", ""), ("科幻丛书", "7"), ("地球往事", "")), (("地球往事", ""), ("", "7"), ("地球往事", "")),
        (("地球\ufffd事", "3"), ("地球往事", "1"), ("地球往事", "1")),
    ],
)  # fmt: skip
def test_a_number_stays_with_the_series_that_it_counts(stored, said, kept):
    record = FIRST._replace(series=said[0], series_number=said[1])
    row = merge(FIRST._replace(series=stored[0], series_number=stored[1]), record)
    assert (row["series"], row["series_number"]) == kept
    assert merged_values(row, record) == {}


def test_a_corrected_series_takes_its_number_along_and_nothing_changes_either_again():
    numbered = FIRST._replace(series="科幻丛书", series_number="7")
    row = merge(numbered, FIRST._replace(series="地球往事"), numbered, corrects={1})
    assert (row["series"], row["series_number"]) == ("地球往事", "")
    row = merge(numbered, FIRST._replace(series="科幻丛书"), corrects={1})
    assert (row["series"], row["series_number"]) == ("科幻丛书", "7")


def test_subjects_of_several_catalogues_are_joined_but_for_corrected_ones():
    row = merge(FIRST._replace(subjects=("科幻", "Fiction")), FIRST._replace(subjects=("FICTION", "小说")))
    assert row["subjects"] == ["科幻", "Fiction", "小说"]
    row |= merged_values(row, FIRST._replace(subjects=("宇宙",)), corrects=True)
    assert row["subjects"] == ["宇宙"]
    assert merged_values(row, FIRST._replace(subjects=("小说",))) == {}
