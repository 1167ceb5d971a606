import itertools

import pytest

from app.search import IndexState, InvalidCursor
from app.search.read import time_limit
from app.search.read.index import LAST_PAGE
from app.search.read.time_limit import TimeLimit


@pytest.fixture
def shelf(library):
    """Build the index of the given titles and return the library."""

    def build(*titles, **facts):
        library.add(*titles, **facts)
        library.build()
        return library

    return build


def test_a_title_of_function_words_only_is_found(shelf):
    library = shelf("It", "The Is", "Of the", "A Book of It")

    assert library.search("it")[0] == "It"
    assert library.search("of the")[0] == "Of the"
    assert library.search("the is")[0] == "The Is"


def test_a_title_of_signs_only_is_found(shelf):
    assert shelf("?!", "三体").search("?!") == ["?!"]


def test_the_same_title_comes_before_longer_ones(shelf):
    library = shelf("三体全集", "读三体", "三体", "Dune Messiah", "Dune")

    assert library.search("三体") == ["三体", "三体全集", "读三体"]
    assert library.search("dune") == ["Dune", "Dune Messiah"]


def test_an_article_before_the_title_does_not_matter(shelf):
    library = shelf("Roads", "On the Road Again", "The Road")

    assert library.search("road")[0] == "The Road"
    assert library.search("a road")[0] == "The Road"


def test_books_with_all_words_come_before_those_without_the_function_words(shelf):
    library = shelf("Analysis Power", "Some Power, the Analysis", "About the Power of the Analysis")

    assert library.search("power of the analysis")[0] == "About the Power of the Analysis"
    assert len(library.search("power of the analysis")) == 3


def test_a_title_beginning_ends_at_a_word(shelf):
    library = shelf("Java编程", "Javascript", "Java Puzzlers")

    assert set(library.search("java")[:2]) == {"Java编程", "Java Puzzlers"}


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("c++", "C++ Primer"),
        ("C#", "深入理解C#"),
        (".net", "The .NET Book"),
        ("ガラス", "ガラスの仮面"),
        ("仮面", "ガラスの仮面"),
        ("주의", "채식주의자"),
        ("〇八", "〇八年"),
        ("𠮷野", "𠮷野家"),
        ("world war 2", "World War II"),
    ],
)
def test_every_script_is_found_by_a_part_of_it(shelf, query, title):
    library = shelf(
        "C++ Primer",
        "深入理解C#",
        "The .NET Book",
        "ガラスの仮面",
        "채식주의자",
        "〇八年",
        "𠮷野家",
        "World War II",
        "C",
    )

    assert library.search(query) == [title]


def test_family_names_are_found_by_both_readings(shelf):
    library = shelf("一本书", authors=["曾国藩"])

    assert library.search("zengguofan") == library.search("cengguofan") == ["一本书"]


def test_banks_and_cities_are_read_as_words(shelf):
    library = shelf("重庆的银行")

    assert library.search("chongqing") == library.search("yinhang") == ["重庆的银行"]


def test_popular_books_and_gifts_come_first(library):
    from sqlalchemy import literal_column

    from app.search.write.source import BookSource, Ranking

    library.add("红书", "绿书", "蓝书", "白书")
    ranking = Ranking(
        popularity=literal_column("CASE book.id WHEN 2 THEN 100 WHEN 3 THEN 5 ELSE 0 END"),
        has_gift=literal_column("book.id = 4"),
    )
    library.source = BookSource(library.engine, ranking)
    library.build()

    assert library.search("书") == ["绿书", "白书", "蓝书", "红书"]


def test_nationalities_are_no_part_of_a_name(shelf):
    library = shelf("局外人", authors=["[法]加缪"])

    assert library.search("加缪") == ["局外人"]
    assert library.search("法") == []


def test_a_sentence_over_two_fields_is_not_found(shelf):
    library = shelf("黑暗", authors=["森林"])

    assert library.search("黑暗森林", per_page=5) in ([], ["黑暗"])
    assert library.index.search("黑暗森林").suggestion == "黑暗 森林"


@pytest.mark.parametrize(
    ("query", "suggestion"),
    [
        ("harrypotter", "harry potter"),
        ("to kill a mocking bird", "to kill a mockingbird"),
        ("davinci code", "da vinci code"),
        ("pyhton", "python"),
        ("三体 pdf", "三体"),
        ("三体1", "三体"),
        ("三体全集", "三体"),
        ("100 years of solitude", "years of solitude"),
        ("harry potter audiobook", "harry potter"),
        ("steve jobs", None),
        ("steve of green gables", None),
        ("三国演义", None),
    ],
)
def test_a_space_or_a_word_too_many_still_leads_to_the_book(shelf, query, suggestion):
    library = shelf(
        "Harry Potter and the Goblet of Fire",
        "To Kill a Mockingbird",
        "The Da Vinci Code",
        "Python编程：从入门到实践",
        "三体",
        "三体Ⅱ：黑暗森林",
        "One Hundred Years of Solitude",
        "Jobs and Gables",
    )

    assert library.index.search(query).suggestion == suggestion


def test_pinyin_is_found_with_its_marks(shelf):
    library = shelf("打工女孩", "三体")

    assert library.search("nǚ hái") == library.search("nühai") == library.search("nvhai") == ["打工女孩"]
    assert library.search("san1 ti3") == library.search("sān tǐ") == ["三体"]


def test_pages_and_cursors_go_through_the_same_books(shelf):
    library = shelf(*(f"数字书 {number}" for number in range(250)), "数字书")
    by_number, by_cursor, cursor = [], [], None
    for page in range(1, 18):
        by_number += library.index.search("数字书", page=page).book_ids
    while True:
        answer = library.index.search("数字书", cursor=cursor)
        by_cursor += answer.book_ids
        if not (cursor := answer.next_cursor):
            break

    assert by_number == by_cursor
    assert len(set(by_number)) == len(by_number) == 251
    assert library.titles(by_number[:1]) == ["数字书"]
    assert answer.total == 251
    assert answer.pages == 17


def test_cursors_reach_beyond_the_last_page_number(shelf):
    library = shelf(*(f"书 {number}" for number in range(130)))
    seen, cursor = [], None
    while True:
        answer = library.index.search("书", cursor=cursor, per_page=1)
        seen += answer.book_ids
        if not (cursor := answer.next_cursor):
            break

    assert len(set(seen)) == 130
    assert answer.pages == LAST_PAGE


def test_a_page_after_the_last_is_empty_and_keeps_the_total(shelf):
    answer = shelf("三体").index.search("三体", page=99)

    assert answer.book_ids == ()
    assert answer.total == answer.pages == 1


def test_more_than_a_thousand_hits_are_counted_no_further(shelf):
    library = shelf(*(f"书 {number}" for number in range(1_005)))
    answer = library.index.search("书")

    assert (answer.total, answer.total_is_capped) == (1_000, True)
    assert library.index.search("书 7").total == 1


@pytest.mark.parametrize("cursor", ["x", "AAAA", "!!!", "三体", "A" * 500, "AQAAAAAAAAAAAAAAAA", "\x00"])
def test_a_forged_cursor_is_refused(starter_library, cursor):
    with pytest.raises(InvalidCursor):
        starter_library.index.search("三体", cursor=cursor)


def test_a_cursor_of_another_search_is_refused(starter_library):
    cursor = starter_library.index.search("the").next_cursor

    assert cursor
    with pytest.raises(InvalidCursor):
        starter_library.index.search("of", cursor=cursor)


def test_a_library_without_books_answers_nothing(shelf):
    library = shelf()

    assert library.index.state() is IndexState.READY
    assert library.index.search("三体").total == 0


def test_a_search_whose_time_is_up_shows_what_it_found(shelf):
    library = shelf(*(f"{word} {number}" for word in ("red", "blue") for number in range(3_000)), "red book")
    assert library.index.search("red").is_complete
    library.index._time_limit = 0
    answer = library.index.search("red")

    assert not answer.is_complete
    assert answer.total_is_capped


@pytest.mark.parametrize("text", ["red blue", "三休", "reb", "9787", "st"])
def test_the_time_may_be_up_at_any_moment(shelf, monkeypatch, text):
    library = shelf(*(f"{word} {number}" for word in ("red", "blue", "三体") for number in range(150)))
    monkeypatch.setattr(time_limit, "_STEPS", 1)
    library.index.search(text)
    reader = library.index._local.reader
    complete = []
    for moment in range(0, 4_000, 97):
        looks = itertools.count()
        monkeypatch.setattr(TimeLimit, "_look", lambda self, at=moment, looks=looks: expire(self, next(looks) >= at))
        answer = library.index.search(text)

        assert len(answer.book_ids) <= 15
        assert library.index._local.reader is reader  # an interruption is no damage
        complete.append(answer.is_complete)
    assert complete == sorted(complete)
    assert not complete[0]


def expire(self, is_now):
    self.is_expired = self.is_expired or is_now
    return int(self.is_expired)
