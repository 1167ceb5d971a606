import pytest

from app.services.book.text_fitting import NOT_AT_END, NOT_AT_START, fit, printable, width_of

SIZES = (50, 44, 38, 33, 28, 24, 21, 18)


def fitted(text):
    return fit(text, 192, 176, SIZES)


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("三体", ["三体"]),
        ("三体Ⅱ：黑暗森林", ["三体Ⅱ：", "黑暗森林"]),
        ("Slaughterhouse-Five", ["Slaughterhouse-", "Five"]),
        ("The Golden Compass", ["The", "Golden", "Compass"]),
        ("C++ Primer（第5版）", ["C++", "Primer", "（第5版）"]),
        ("한강 소설집", ["한강", "소설집"]),
        ("1984", ["1984"]),
        ("", [""]),
    ],
)
def test_a_title_breaks_where_a_reader_expects_it(title, lines):
    assert fitted(title).lines == lines


@pytest.mark.parametrize(
    "title",
    [
        "《红楼梦》（全三册）：脂砚斋重评石头记——“庚辰本”校注",
        "深入理解Java虚拟机：JVM高级特性与最佳实践（第3版）",
        "人，诗意地、安静地、长久地栖居在大地上，如此，而已。",
        "“一”“二”“三”“四”“五”“六”“七”“八”",
        "The Very Long Subtitled Book: Being an Account of Everything, with Notes",
    ],
)
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(title):
    lines = fitted(title).lines

    assert len(lines) > 1
    assert not [line for line in lines[1:] if line[0] in NOT_AT_START]
    assert not [line for line in lines[:-1] if line[-1] in NOT_AT_END]


@pytest.mark.parametrize(
    "title",
    ["字" * 500, "A" * 500, "Pneumonoultramicroscopicsilicovolcanoconiosis", "）" * 60, "（" * 60, "e\u0301" * 90,
     "😀" * 80, "a b " * 200, "字 word " * 60, "W" * 40, "—" * 50],
)  # fmt: skip
def test_every_title_stays_in_its_box(title):
    drawn = fitted(title)

    assert drawn.size in SIZES
    assert len(drawn.lines) * drawn.size * 1.28 <= 176 + drawn.size
    assert all(width_of(line) * drawn.size <= 192 + 1e-6 for line in drawn.lines)


def test_a_title_without_end_is_cut_with_an_ellipsis():
    assert fitted("字" * 500).lines[-1].endswith("字…")
    assert not fitted("字" * 40).lines[-1].endswith("…")


def test_a_longer_title_has_smaller_letters():
    sizes = [fitted("字" * length).size for length in (2, 8, 16, 30, 60, 200)]

    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == SIZES[0]
    assert sizes[-1] == SIZES[-1]


def test_what_xml_forbids_and_what_turns_the_text_around_is_dropped():
    assert printable("\x00三\x01体\ud800\ufffe\uffff\u202e \t\n x\u200f") == "三体 x"
