import pytest

from app.catalogues.shelves.douban import Imprint, read_imprint


@pytest.mark.parametrize(
    ("text", "author", "publisher", "year"),
    [
        ("[日] 例安 / 王小明 / 示例译文出版社 / 2014-8 / 36.00元", "[日] 例安", "示例译文出版社", 2014),
        ("[英] 例安 / 2017 / 示例大学出版社", "[英] 例安", "示例大学出版社", 2017),
        ("例安 / 2008 / 示例", "例安", "示例", 2008),
        ("例安 / 示例 / 2008-1-1 / CNY 32.00", "例安", "示例", 2008),
        ("（英）例安 / 李大伟 / 示例社 / 2001-8", "（英）例安", "示例社", 2001),
        ("Ann Example / Harbour Press / 2011-3-1 / USD 14.99", "Ann Example", "Harbour Press", 2011),
        ("例安 / 示例书店 / 45.00", "例安", "示例书店", None),
        ("例安 / 2008", "例安", "", 2008),
        ("例安 / 2008 / 23.00元", "例安", "", 2008),
        ("示例出版社 / 2008-1", "示例出版社", "", 2008),
        ("1998 / 示例出版社", "", "示例出版社", 1998),
        ("例安/王小明 / 2008 / 示例出版社", "例安/王小明", "示例出版社", 2008),
    ],
)
def test_the_line_of_an_edition_is_taken_apart(text, author, publisher, year):
    assert read_imprint(text) == Imprint(author, publisher, year)


@pytest.mark.parametrize(
    "text", ["", "例安", "一本关于沼泽的书。", "他 / 她", "长 / " * 200, "2008", "a / b / c", "x" * 1000]
)
def test_another_text_is_no_such_line(text):
    assert read_imprint(text) is None
