"""Cards as pictures."""

import io
from types import SimpleNamespace

import pytest
from PIL import Image

from app.services.book.cover_drawing import PALETTES, PATTERNS, draw_cover
from app.services.preview.cards import BookCard, CoverOf, ShelfCard, draw_book_card, draw_shelf_card
from app.services.preview.cover_picture import Lettered, draw_picture
from app.services.preview.fonts import Typeface, find_typefaces

LATIN = Lettered((Typeface(),), (Typeface(),))
LARGEST = 300_000
"""Bytes; WhatsApp shows no larger picture."""
TITLES = [
    "三体", "", " ", "x" * 2_000, "长" * 2_000, "The Extraordinarily Long Title of a Book about Everything " * 9,
    "\x00\ufffe\u202e", "<b>&amp;</b>", "👩‍👩‍👧‍👦 family", "a" + "\u0301" * 500, "كتاب الأيام", "𠮷野家",
    "हिन्दी की किताब",
]  # fmt: skip


@pytest.fixture(params=["system", "latin"])
def fonts(request):
    if request.param == "latin":
        return LATIN
    return Lettered(find_typefaces("", is_bold=True), find_typefaces("", is_bold=False))


def cover(title="三体", number="9787536692930", authors=("刘慈欣",)):
    return CoverOf(None, draw_cover(SimpleNamespace(title=title, number=number, authors=list(authors), language="zh")))


def opened(content):
    assert len(content) <= LARGEST
    picture = Image.open(io.BytesIO(content))
    picture.load()
    assert (picture.format, picture.size) == ("PNG", (1200, 630))
    return picture.convert("RGB")


@pytest.mark.parametrize("title", TITLES, ids=range(len(TITLES)))
def test_every_title_makes_a_card(title, fonts):
    opened(draw_book_card(BookCard(cover(title, authors=[title]), title, title, title, "3", title), fonts))
    opened(draw_shelf_card(ShelfCard(title, title, (cover(title),) * 7, title), fonts))


def test_a_card_says_whether_copies_are_to_be_had(fonts):
    said = [BookCard(cover(), "Title", "Author", had, "", "Fisher") for had in ("3 copies available", "")]
    seals = [opened(draw_book_card(card, fonts)).getpixel((470, 473)) for card in said]

    assert seals[0] == pytest.approx((156, 59, 36), abs=12)
    assert seals[1] == pytest.approx((250, 246, 238), abs=12)


def test_without_letters_for_the_words_a_card_has_the_number():
    with_number = BookCard(cover(), "三体", "刘慈欣", "3 本可要", "3", "鱼书")
    without = BookCard(cover(), "三体", "刘慈欣", "3 本可要", "", "鱼书")

    assert draw_book_card(with_number, LATIN) != draw_book_card(without, LATIN)


def test_a_picture_of_a_cover_is_shown_and_a_broken_one_is_drawn_instead(tmp_path, fonts):
    whole, broken = tmp_path / "whole.webp", tmp_path / "broken.webp"
    Image.effect_noise((600, 900), 90).convert("RGB").save(whole)
    Image.new("RGB", (600, 900), "#00ff00").save(tmp_path / "green.webp")
    broken.write_bytes(whole.read_bytes()[:500])
    drawn = cover().drawn
    cards = [BookCard(CoverOf(path, drawn), "T", "A", "", "", "F") for path in (tmp_path / "green.webp", broken, None)]
    green, mended, plain = (draw_book_card(card, fonts) for card in cards)

    assert opened(green).getpixel((234, 300)) == pytest.approx((0, 255, 0), abs=12)
    assert mended == plain
    opened(draw_book_card(BookCard(CoverOf(whole, drawn), "T" * 90, "A", "9", "", "F"), fonts))
    opened(draw_shelf_card(ShelfCard("H", "L", (CoverOf(whole, drawn),) * 5, "F"), fonts))


def test_each_pattern_is_drawn_in_the_colours_of_the_book(fonts):
    seen = set()
    for number in range(400):
        drawn = cover("Book", f"9780000{number:06}").drawn
        if drawn.pattern not in seen:
            picture = draw_picture(drawn, 120, fonts)
            assert picture.size == (120, 180)
            ground = tuple(bytes.fromhex(drawn.palette.ground[1:]))
            assert ground in {colour for _, colour in picture.getcolors(120 * 180)}
            seen.add(drawn.pattern)
    assert seen >= set(PATTERNS) - {"label", "bound"}
    assert len(PALETTES) == 12
    for number in range(400):
        drawn = cover("三体", f"9780000{number:06}").drawn
        if drawn.pattern in ("label", "bound"):
            seen.add(drawn.pattern)
            assert draw_picture(drawn, 120, fonts).size == (120, 180)
    assert seen == set(PATTERNS)
