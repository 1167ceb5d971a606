"""Lettering: whatever fonts there are, no box stands in the place of a letter."""

import pytest

from app.services.preview import fonts
from app.services.preview.fonts import Typeface, find_typefaces, width_in, writable

ONLY_LATIN = (Typeface(),)


@pytest.fixture
def no_fonts(monkeypatch):
    """A system without fonts."""
    monkeypatch.setattr(fonts, "FOLDERS", ())
    find_typefaces.cache_clear()
    yield
    find_typefaces.cache_clear()


@pytest.fixture
def chinese():
    """The fonts of this system, if it has Chinese ones."""
    faces = find_typefaces("", is_bold=True)
    if not writable("三体", faces):
        pytest.skip("no Chinese font here")
    return faces


@pytest.mark.usefixtures("no_fonts")
def test_a_system_without_fonts_has_latin_letters_and_digits():
    assert find_typefaces("", is_bold=True) == ONLY_LATIN
    assert writable("128 copies available", ONLY_LATIN) == "128 copies available"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("三体", ""), ("3 本可要", ""), ("Fisher 鱼书", ""), ("Война и мир", ""), ("كتاب", ""),
        ("Café Ünïcödé", "Cafe Unicode"), ("The \U0001f41f Fish", "The Fish"), ("a\u202eb\x00c\n d", "abc d"), ("", ""),
    ],
)  # fmt: skip
def test_a_text_is_written_whole_or_not_at_all_and_signs_are_left_out(text, written):
    assert writable(text, ONLY_LATIN) == written


def test_a_folder_that_is_not_there_and_a_file_that_is_no_font_are_passed_over(tmp_path):
    (tmp_path / "NotoSerifCJK-Bold.ttc").write_bytes(b"no font")

    for own in (str(tmp_path), str(tmp_path / "no"), str(tmp_path / "NotoSerifCJK-Bold.ttc")):
        faces = find_typefaces(own, is_bold=True)
        assert faces[-1] == Typeface()
        assert all(not face.path.startswith(str(tmp_path)) for face in faces)


def test_chinese_and_what_the_chinese_font_lacks_stand_in_one_line(chinese):
    for text in ("三体", "Harry Potter", "〇二十一世纪", "三体 and Война", "《呐喊》：阿Q正传"):
        assert writable(text, chinese) == text
        assert width_in(text, chinese, 40) > 40
    assert "SC" in chinese[0].at(20).getname()[0] or "CJK" not in chinese[0].path


def test_traditional_chinese_is_written_in_the_shapes_of_its_script(chinese):
    if "CJK" not in chinese[0].path:
        pytest.skip("no font of both scripts here")
    faces = find_typefaces("", is_bold=True, is_traditional=True)

    assert "TC" in faces[0].at(20).getname()[0]
    assert writable("關於圖書與《红楼梦》", faces)


def test_a_font_of_our_own_comes_first(chinese, tmp_path):
    own = tmp_path / "own.ttc"
    own.symlink_to(chinese[0].path)
    try:
        assert find_typefaces(str(own), is_bold=True)[0].path == str(own)
        assert find_typefaces(str(tmp_path), is_bold=False)[0].path == str(own)
    finally:
        find_typefaces.cache_clear()
