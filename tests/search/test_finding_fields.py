"""Books are found by more than title and author, and however numbers and spaces are written."""

import pytest


def test_a_translation_is_found_by_the_title_of_its_original(library):
    library.add("群山回唱", original_title="And the Mountains Echoed")
    library.add("The Mountains", "And the Mountains Echoed: Notes")
    library.build()

    assert library.search("and the mountains echoed")[0] == "群山回唱"
    assert "群山回唱" in library.search("mountains echoed")
    assert "群山回唱" in library.search("mountians echoed")


def test_books_are_found_by_their_series_and_the_number_in_it(library):
    library.add("素履之往", series="理想国·木心作品", series_number="3")
    library.add("哥伦比亚的倒影", series="理想国·木心作品", series_number="1")
    library.build()

    assert library.search("木心作品") == ["素履之往", "哥伦比亚的倒影"]
    assert library.search("理想国木心作品 3") == ["素履之往"]


def test_books_by_an_author_come_before_books_about_the_author(library):
    library.add("马尔克斯", authors=["某人"])
    library.add("马尔克斯与他的百年孤独", authors=["某人"])
    library.add("百年孤独", authors=["[哥伦比亚] 加西亚·马尔克斯"])
    library.build()

    assert library.search("马尔克斯") == ["马尔克斯", "百年孤独", "马尔克斯与他的百年孤独"]
    assert library.search("加西亚·马尔克斯") == ["百年孤独"]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("一九八四", "1984"),
        ("yijiubasi", "1984"),
        ("昆仑第2部", "昆仑 第二部"),
        ("the 4 agreements", "The Four Agreements"),
        ("the four agreements", "The Four Agreements"),
        ("tennis", "Tennis for Ten"),
        ("ten", "Tennis for Ten"),
        ("therootsofcoincidence", "The Roots of Coincidence (Picador)"),
        ("преступлениеинаказание", "Преступление и наказание"),
        ("Преступление и наказвние", "Преступление и наказание"),
        ("l enlevement d hortense", "L'Enlèvement d'Hortense"),
        ("الكِتابُ", "الكتاب"),
    ],
)
def test_a_title_is_found_in_another_spelling(library, query, title):
    library.add(
        "1984",
        "昆仑 第二部",
        "The Four Agreements",
        "The Roots of Coincidence (Picador)",
        "Tennis for Ten",
        "Преступление и наказание",
        "L'Enlèvement d'Hortense",
        "الكتاب",
        "Other",
    )
    library.build()

    assert library.search(query)[0] == title


def test_what_is_written_as_a_number_word_is_suggested_while_it_is_typed(library):
    library.add("The Three Musketeers", "Tennis")
    library.build()

    assert library.titles(library.index.suggest("the thr").titles[0]) == ["The Three Musketeers"]
    assert library.titles(library.index.suggest("the three m").titles[0]) == ["The Three Musketeers"]
    assert library.titles(library.index.suggest("ten").titles[0]) == ["Tennis"]
