"""Facts as catalogues really write them, and what a reader sees."""

import pytest

from app.catalogues.text.cleaning import (
    clean_cover,
    clean_date,
    clean_language,
    clean_line,
    clean_pages,
    clean_price,
    clean_text,
    language_of_isbn,
    year_of,
)


@pytest.mark.parametrize(
    ("given", "date", "year"),
    [
        ("2009年11月", "2009-11", 2009),
        ("2009年", "2009", 2009),
        ("October 1, 1988", "1988-10-01", 1988),
        ("1 October 1988", "1988-10-01", 1988),
        ("Oct 1988", "1988-10", 1988),
        ("December 1993", "1993-12", 1993),
        ("1999-11-1", "1999-11-01", 1999),
        ("2015-3-1", "2015-03-01", 2015),
        ("1996-12", "1996-12", 1996),
        ("2009.11", "2009-11", 2009),
        ("2012 / 8", "2012-08", 2012),
        ("1994", "1994", 1994),
        (1994, "1994", 1994),
        ("20091101", "2009-11-01", 2009),
        ("200911", "2009-11", 2009),
        ("2009-11-01T00:00:00Z", "2009-11-01", 2009),
        ("２００９年１１月", "2009-11", 2009),
        ("二〇〇九年", "2009", 2009),
        ("2009年11月第1版", "2009-11", 2009),
        ("c1998", "1998", 1998),
        ("2009-13", "2009", 2009),
        ("2009-2-45", "2009-02", 2009),
        ("2003-2004", "2003", 2003),
        ("Spring 1951", "Spring 1951", 1951),
        ("n.d.", "n.d.", None),
        ("", "", None),
        (None, "", None),
        (["2001"], "", None),
        (True, "", None),
        ("99999", "99999", None),
    ],
)
def test_a_date_in_any_form_is_read(given, date, year):
    assert clean_date(given) == date
    assert year_of(given if isinstance(given, str) else date) == year


def test_a_cleaned_date_is_left_alone_when_cleaned_again():
    for date in ("2009", "2009-11", "2009-11-01", "Spring 1951"):
        assert clean_date(date) == date


@pytest.mark.parametrize(
    ("given", "pages"),
    [
        ("386 页", 386),
        ("372页", 372),
        ("278 ", 278),
        ("xiv; 278 ", 278),
        ("xii, 368 p. ;", 368),
        ("1,024 pages", 1024),
        ("160", 160),
        ("３２０頁", 320),
        (224, 224),
        (224.0, 224),
        (0, None),
        ("0", None),
        (-3, None),
        (None, None),
        ("", None),
        (True, None),
        ("1 v. (unpaged) :", None),
        ("p. cm.", None),
        ("全3册", None),
        ("99999999999999999999", None),
        (float("nan"), None),
        (float("inf"), None),
        ([12], None),
    ],
)
def test_pages_are_a_plausible_number_or_unknown(given, pages):
    assert clean_pages(given) == pages


@pytest.mark.parametrize(
    ("given", "price"),
    [
        ("32.00元", "32.00元"),
        ("168.00 元", "168.00元"),
        ("38.00", "38.00"),
        ("CNY 69.00", "CNY 69.00"),
        ("USD 26.95", "USD 26.95"),
        ("168.00（全三册）", "168.00（全三册）"),
        ("定价：39.80元", "39.80元"),
        (39.8, "39.80"),
        (25, "25.00"),
        ("0.00元", ""),
        (0, ""),
        ("", ""),
        (None, ""),
        (float("nan"), ""),
        ({"amount": 3}, ""),
    ],
)
def test_a_price_is_kept_as_printed(given, price):
    assert clean_price(given) == price


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("第一段。\\n第二段。", "第一段。\n第二段。"),
        ("第一段。\r\n\r\n\r\n\r\n第二段。", "第一段。\n\n第二段。"),
        ("a\\r\\nb", "a\nb"),
        ("<p>A <b>bold</b> tale.</p><p>Second.<br>Line</p>", "A bold tale.\n\nSecond.\nLine"),
        ("Tom &amp; Jerry&#39;s&nbsp;day", "Tom & Jerry's day"),
        ("<script>alert(1)</script>Story<style>p{}</style>!", "Story!"),
        ("<script>never closed", ""),
        ("if a<b and c>d", "if a<b and c>d"),
        ("　　首行缩进", "首行缩进"),
        ("nul\x00 and \ud800lone\u200b", "nul and lone"),
        ({"type": "/type/text", "value": "An object."}, "An object."),
        ({"type": "/type/text"}, ""),
        (None, ""),
        (17, ""),
        (["a"], ""),
    ],
)
def test_a_summary_becomes_plain_text(given, text):
    assert clean_text(given) == text


def test_a_huge_summary_is_cut_and_markup_bombs_end_quickly():
    assert len(clean_text("书" * 100_000)) == 20_000
    assert len(clean_text("<" * 2_000_000)) <= 20_000
    assert clean_text("<script" * 300_000).startswith("<script")


def test_a_title_is_one_line():
    assert clean_line(" 三体Ⅱ：\\n黑暗森林\t ") == "三体Ⅱ： 黑暗森林"
    assert len(clean_line("长" * 1000)) == 250


@pytest.mark.parametrize(
    ("given", "language"),
    [
        ("chi", "zh"),
        ("zh-CN", "zh"),
        ("zh_TW", "zh"),
        ("/languages/eng", "en"),
        ([{"key": "/languages/xxx"}, {"key": "/languages/fre"}], "fr"),
        ("en", "en"),
        ("klingon", ""),
        ("", ""),
        (None, ""),
        (3, ""),
        (["x", ["zh"], "en"], "en"),
    ],
)
def test_a_language_has_two_letters(given, language):
    assert clean_language(given) == language


def test_an_isbn_tells_the_language_of_its_publishers():
    assert language_of_isbn("9787536692930") == "zh"
    assert language_of_isbn("9780743273565") == "en"
    assert language_of_isbn("9784000000000") == "ja"
    assert language_of_isbn("9788000000000") == ""


@pytest.mark.parametrize(
    ("given", "cover"),
    [
        ("https://img3.doubanio.com/lpic/s1.jpg", "https://img3.doubanio.com/lpic/s1.jpg"),
        ("http://books.google.com/books/content?id=x&img=1", "http://books.google.com/books/content?id=x&img=1"),
        ("https://img3.doubanio.com/f/shire/pics/book-default-lpic.gif", ""),
        ("https://covers.openlibrary.org/b/id/-1-L.jpg", ""),
        ("ftp://example.org/a.jpg", ""),
        ("javascript:alert(1)", ""),
        ("https://user:pass@example.org/a.jpg", ""),
        ("https://example.org:8080/a.jpg", "https://example.org:8080/a.jpg"),
        ("https://example.org:99999/a.jpg", ""),
        ("https://[bad/a.jpg", ""),
        ("https://example.org/a b.jpg", ""),
        ("//example.org/a.jpg", ""),
        ("https://example.org/" + "a" * 600, ""),
        (None, ""),
        (5, ""),
    ],
)
def test_a_cover_is_an_address_of_a_picture_or_nothing(given, cover):
    assert clean_cover(given) == cover
