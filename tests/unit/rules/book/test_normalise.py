import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.book import normalise as module
from app.rules.book.normalise import normalise


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("Harry POTTER", "harry potter"),
        ("Ｈａｒｒｙ　Ｐｏｔｔｅｒ", "harry potter"),
        ("Les Misérables", "les miserables"),
        ("Søren Łódź Œuvre Straße", "soren lodz oeuvre strasse"),
        ("三體", "三体"),
        ("紅樓夢", "红楼梦"),
        ("活著", "活着"),
        ("錢鍾書", "钱钟书"),
        ("钱锺书", "钱钟书"),
        ("ガラスの仮面", "ガラスの仮面"),
        ("ｶﾞﾗｽ", "ガラス"),
        ("한국", "한국"),
        ("a\u200bb\u202ec\ufeff", "abc"),
        ("Ⅱ", "ii"),
        ("", ""),
        ("\ud800", ""),
    ],
)
def test_spellings_of_the_same_word_become_equal(written, compared):
    assert normalise(written) == compared


@given(st.text())
def test_normalising_twice_changes_nothing_more(text):
    once = normalise(text)
    assert normalise(once) == once


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)), st.integers(0, 20))
def test_a_fragment_is_spelt_as_in_its_sentence(text, at):
    assert normalise(text[:at]) + normalise(text[at:]) == normalise(text)


def test_the_character_table_is_made_quickly_and_once():
    module._character_table.cache_clear()
    started = time.process_time()
    normalise("三體")
    first = time.process_time() - started

    assert first < 1.0
    assert len(module._character_table()) > 4_000
    assert module._character_table() is module._character_table()


def test_the_short_way_for_plain_text_spells_as_the_long_one():
    plain = "".join(map(chr, [*range(0x20, 0x7F), *range(0x4E00, 0xA000)]))

    assert normalise(plain) == normalise(plain + "\u00ad")
