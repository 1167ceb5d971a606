import pytest

from app.rules.book.identity import identity_of, may_be_same_title

BOOK = ("小灵通漫游未来", "", ("叶永烈",), 1978)


def test_the_identity_of_a_book_never_changes():
    assert identity_of(*BOOK) == "85cdca8d4c9b8156cd971b352c8de2db"
    assert identity_of("", "", (), None) != identity_of(*BOOK)


@pytest.mark.parametrize(
    "same",
    [
        (" 小灵通 漫游未来", "", ["叶永烈"], 1978),
        ("小灵通漫游未来", " ", ("叶 永烈",), 1978),
    ],
)
def test_blanks_make_no_difference(same):
    assert identity_of(*same) == identity_of(*BOOK)
    assert identity_of("ＡＢＣ", "", (), 1) == identity_of("abc", "", (), 1)


@pytest.mark.parametrize(
    "other",
    [
        ("小灵通漫游未来", "", ("叶永烈",), 1979),
        ("小灵通漫游未来", "", ("叶永烈",), None),
        ("小灵通漫游未来", "", (), 1978),
        ("小灵通漫游未来", "续集", ("叶永烈",), 1978),
        ("小灵通再游未来", "", ("叶永烈",), 1978),
        ("小灵通漫游未来", "", ("叶", "永烈"), 1978),
    ],
)
def test_each_part_tells_books_apart(other):
    assert identity_of(*other) != identity_of(*BOOK)


def test_signs_tell_books_apart():
    assert len({identity_of(title, "", (), None) for title in ("C", "C+", "C++", "C#")}) == 4


@pytest.mark.parametrize(
    ("title", "other", "may_be"),
    [
        ("小灵通漫游未来", "小灵通漫遊未來", True),
        ("小灵通漫游未来", "小灵通慢游未来", True),
        ("红楼梦", "红楼梦（上）", True),
        ("The Hobbit", "the hobit", True),
        ("The Hobbit", "A History of Rome", False),
        ("红楼梦", "西游记", False),
    ],
)
def test_titles_that_may_be_of_one_book(title, other, may_be):
    assert may_be_same_title(title, other) is may_be
