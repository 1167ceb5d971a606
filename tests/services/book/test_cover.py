import re
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from flask import render_template

from app.services.book.cover_drawing import PALETTES, PATTERNS, draw_cover
from tests.factories import isbn13

ALLOWED = {"svg", "defs", "linearGradient", "stop", "pattern", "g", "rect", "circle", "path", "text"}
SVG = "{http://www.w3.org/2000/svg}"


def book(title="三体", authors=("[日] 某人",), isbn="9787536692930", language="zh"):
    return SimpleNamespace(title=title, authors=list(authors), number=isbn, language=language)


def drawing(book):
    return ElementTree.fromstring(render_template("book/cover.svg", cover=draw_cover(book)))  # noqa: S314  (our own drawing)


def texts(svg):
    return [text.text for text in svg.iter(f"{SVG}text")]


@pytest.mark.parametrize(
    "title",
    [
        "三体", "<script>alert(1)</script>", "\"'><&amp;]]>", "\x00\x01\x08\x0b\x0c\x1f\x7f\x9f", "a\ud800b\udfffc",
        "\ufffe\uffff", "\u202e反转\u2066", "", " ", "\n\t", "字" * 5000, "x" * 5000, "😀👨‍👩‍👧",
        "𠮷野家", "{{ 7 * 7 }}",
        "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]>&e;", "</svg><svg onload=alert(1)>",
    ],
)  # fmt: skip
def test_any_title_is_drawn_as_well_formed_text(app_context, title):
    for number in range(0, 40, 3):
        hostile = book(title, authors=[title, title], isbn=isbn13(number), language='"><script>')
        with app_context.test_request_context():
            svg = drawing(hostile)

        assert svg.get("viewBox") == "0 0 240 360"
        assert {tag.tag.removeprefix(SVG) for tag in svg.iter()} <= ALLOWED
        assert not [name for tag in svg.iter() for name in tag.attrib if name.startswith("on") or "href" in name]


def test_the_drawing_shows_title_and_author_without_the_nationality(app_context):
    with app_context.test_request_context():
        shown = "".join(texts(drawing(book("霍乱时期的爱情", ["[哥伦比亚] 加西亚·马尔克斯"]))))

    assert "霍乱时期的爱情" in shown
    assert "加西亚·马尔克斯" in shown
    assert "哥伦比亚" not in shown


def test_a_book_looks_the_same_every_time_and_books_look_different():
    covers = [draw_cover(book(isbn=isbn13(number))) for number in range(400)]

    assert draw_cover(book()) == draw_cover(book())
    assert {cover.palette for cover in covers} == set(PALETTES)
    assert {cover.pattern for cover in covers} == set(PATTERNS)


def test_only_short_chinese_titles_are_written_downwards():
    for title in ("Dune", "三体Ⅱ：黑暗森林", "霍乱时期的爱情与其他魔鬼", "C语言"):
        assert {draw_cover(book(title, isbn=isbn13(number))).pattern for number in range(99)} & {
            "label",
            "bound",
        } == set()


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("palette", PALETTES)
def test_letters_can_be_read_on_ground_and_figure(palette):
    """WCAG 2.2, 1.4.3: a contrast of at least 4.5."""
    for behind in (palette.ground, palette.figure):
        darker, lighter = sorted([luminance(palette.ink), luminance(behind)])
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_the_drawing_needs_neither_styles_nor_scripts_nor_other_files(app_context):
    with app_context.test_request_context():
        text = render_template("book/cover.svg", cover=draw_cover(book()))

    assert not re.search(r"style|<script|<image|href|@import", text)
