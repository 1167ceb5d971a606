"""What is suggested while a reader types."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.models.book import Book
from app.search import SearchIndex
from app.search.read.suggestions import MOST_TITLES
from app.search.write.source import Ranking
from tests.search.test_any_text import NASTY, WORDS


@pytest.fixture
def typed(library):
    """Return a function that builds the index once and returns the titles and authors suggested for a text."""

    def typed(text):
        if not library.path.exists():
            library.build()
        found = library.index.suggest(text)
        authors = [library.authors(one.book_id)[one.place] for one in found.authors]
        return library.titles([ids[0] for ids in found.titles]), authors

    return typed


@pytest.mark.parametrize(
    ("title", "texts"),
    [
        ("三体", ["三", "三体", "三體", "s t", "st", "sant", "santi", "sān tǐ"]),
        ("红楼梦", ["红楼", "紅樓", "楼梦", "hlm", "honglou", "hong lou m", "loumeng"]),
        ("Harry Potter and the Goblet of Fire", ["ha", "harry p", "pott", "the gob", "fire"]),
        ("The Hobbit", ["hob", "the hob", "hobbit"]),
        ("Cien años de soledad", ["cien an", "SOLED"]),
        ("Война и мир", ["во", "война и м"]),
        ("C++ Primer", ["c++", "c++ pri"]),
    ],
)
def test_a_title_is_suggested_from_its_first_letters_on(library, typed, title, texts):
    library.add(title, "Something Else", "别的书")

    assert {text: typed(text)[0] for text in texts} == {text: [title] for text in texts}


@pytest.mark.parametrize("text", ["刘", "刘慈", "劉慈欣", "liuc", "lcx", "liu ci x"])
def test_an_author_is_suggested_by_the_name_and_by_its_sound(library, typed, text):
    library.add("三体", authors=["[中] 刘慈欣"])
    library.add("活着", authors=["余华"])

    assert typed(text) == (["三体"], ["[中] 刘慈欣"])


@pytest.mark.parametrize("text", ["rowl", "j.k. row", "joanne"])
def test_an_author_is_suggested_by_any_beginning_of_the_name(library, typed, text):
    library.add("The Casual Vacancy", authors=["Somebody", "Joanne Rowling J. K."])

    assert typed(text)[1] == ["Joanne Rowling J. K."]


def test_a_name_may_be_read_in_the_way_of_surnames(library, typed):
    library.add("幸福人生", authors=["曾国平"])

    assert typed("zengg")[1] == typed("cengg")[1] == ["曾国平"]


def test_the_same_title_is_suggested_once_with_all_its_editions(library):
    first = library.add("三体", "三体", authors=["刘慈欣"])
    [another] = library.add("三体", authors=["别人"])
    [unknown] = library.add("三体", authors=[])
    library.build()

    assert library.index.suggest("三体").titles == ((*first, unknown), (another,))


def test_the_equal_title_comes_before_beginnings_and_these_before_words_inside(library, typed):
    library.add("读三体", "三体全集", "三体")

    assert typed("三体")[0] == typed("santi")[0] == ["三体", "三体全集", "读三体"]


def test_what_may_be_on_offer_comes_first(library):
    library.add("Dune", "Dune Messiah", "Children of Dune")
    library.source._ranking = Ranking(has_gift=Book.id == 3)
    library.build()

    assert library.index.suggest("dune").titles == ((3,), (1,), (2,))


def test_an_author_comes_with_the_books_on_offer(library):
    library.add("Dune", "Dune Messiah", authors=["Frank Herbert"])
    library.add("Frank Herbert", authors=["Timothy O'Reilly"])
    library.source._ranking = Ranking(has_gift=Book.id != 1)
    library.build()
    [author] = library.index.suggest("herb").authors

    assert (author.book_id, author.place, author.offered) == (2, 0, (2,))


def test_authors_lead_when_no_title_begins_with_the_text_or_the_name_is_complete(library):
    library.add("三体", authors=["刘慈欣"])
    library.add("刘慈欣谈科幻", authors=["刘慈欣"])
    library.add("欣欣向荣", authors=["欣欣"])
    library.build()

    led = {text: library.index.suggest(text).leads_with_authors for text in ("刘慈", "刘慈欣", "慈欣", "欣")}
    assert led == {"刘慈": False, "刘慈欣": True, "慈欣": True, "欣": False}


def test_an_isbn_is_suggested_from_its_first_digits_on(library, typed):
    library.add("三体", isbn="9787536692930")

    assert typed("97875366")[0] == typed("9787536692930")[0] == typed("7-5366-9293-0")[0] == ["三体"]


@pytest.mark.parametrize("text", ["", " ", "a", "7", "?!", "é", "-"])
def test_one_letter_is_too_little(starter_library, text):
    found = starter_library.index.suggest(text)

    assert (found.titles, found.authors) == ((), ())


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_odd_texts_are_suggested_for(starter_library, text):
    assert len(starter_library.index.suggest(text).titles) <= MOST_TITLES


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.text(max_size=120), st.lists(WORDS, max_size=12).map(" ".join)))
def test_any_text_is_suggested_for(starter_library, text):
    titles = starter_library.index.suggest(text).titles

    assert len(titles) == len(set(titles)) <= MOST_TITLES


def test_nothing_is_suggested_without_an_index_or_time(library, tmp_path):
    library.add("三体")
    assert library.index.suggest("三体").titles == ()
    library.build()
    assert library.index.suggest("三体").titles
    assert SearchIndex(library.path, time_limit=0).suggest("三体").titles == ()
