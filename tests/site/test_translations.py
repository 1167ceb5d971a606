"""Every language is complete: English in the source, Chinese in its catalogue, the traditional one made from that."""

import re
from collections.abc import Iterator
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from app.traditional import TRADITIONAL, compile_traditional, read_traditional

ROOT = Path(__file__).parents[2]
CATALOGUES = sorted(ROOT.glob("app/translations/*/LC_MESSAGES/messages.po"))
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "_l": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2)}
CHINESE = ROOT / "app/translations/zh/LC_MESSAGES/messages.po"
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]")
LATIN = re.compile(r"[!-~]+")
HAN = re.compile(r"[\u3400-\u9fff]+")
# The title that the hints use as their example.
CHINESE_IN_ENGLISH = {"三体"}


def texts() -> Iterator[str]:
    """Yield every English text of the source; for plurals, the singular."""
    for _file, _line, message, _comments, _context in extract_from_dir(ROOT / "app", METHODS, keywords=KEYWORDS):
        yield message[0] if isinstance(message, tuple) else message


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def strings(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, list | tuple) else [message.string]


@pytest.fixture(params=[path.parts[-3] for path in CATALOGUES] + [TRADITIONAL])
def translation(request) -> Catalog:
    if request.param == TRADITIONAL:
        return read_traditional(CHINESE)
    return catalogue(ROOT / f"app/translations/{request.param}/LC_MESSAGES/messages.po")


def test_every_language_but_english_has_a_catalogue(app):
    assert {path.parts[-3] for path in CATALOGUES} | {TRADITIONAL} == set(app.config["LANGUAGES"]) - {"en"}


def test_every_text_is_translated(translation):
    missing = {text for text in texts() if text not in translation or not all(strings(translation[text]))}

    assert missing == set()


def test_nothing_is_fuzzy_or_left_over(translation):
    used = set(texts())
    fuzzy = [message.id for message in translation if message.fuzzy and message.id]
    unused = [m.id for m in translation if m.id and (m.id[0] if isinstance(m.id, tuple) else m.id) not in used]

    assert fuzzy == []
    assert unused == []
    assert not translation.obsolete


def test_placeholders_agree(translation):
    for message in translation:
        wanted = set(PLACEHOLDER.findall(message.id[-1] if isinstance(message.id, tuple) else message.id))
        for string in strings(message) if message.id else []:
            assert set(PLACEHOLDER.findall(string)) == wanted, message.id


def test_plurals_have_as_many_forms_as_the_language(translation):
    forms = [strings(message) for message in translation if message.pluralizable]

    assert forms
    assert {len(strings) for strings in forms} == {translation.num_plurals}


def test_the_source_speaks_english():
    found = {text: set(HAN.findall(text)) - CHINESE_IN_ENGLISH for text in texts()}

    assert len(found) > 50
    assert {text for text, han in found.items() if han} == set()


def test_no_catalogue_is_left_out_by_the_compiler(translation):
    """A catalogue whose header is marked as fuzzy is not compiled, and every page would be in English."""
    assert not translation.fuzzy


def test_the_traditional_catalogue_is_compiled_from_the_chinese_one(tmp_path):
    target = tmp_path / "zh_Hant" / "messages.mo"
    compile_traditional(CHINESE, target)
    compile_traditional(CHINESE, target)
    with target.open("rb") as file:
        compiled = GNUTranslations(file)

    assert [path.name for path in target.parent.iterdir()] == ["messages.mo"]
    assert compiled.gettext("Search") == "搜尋"
    assert compiled.ngettext("%(num)d book", "%(num)d books", 2) == "共 %(num)d 本書"


def test_the_traditional_catalogue_has_the_tags_and_latin_words_of_the_chinese_one():
    chinese, traditional = catalogue(CHINESE), read_traditional(CHINESE)

    for message in chinese:
        for one, other in zip(strings(message), strings(traditional[message.id]), strict=True) if message.id else ():
            assert LATIN.findall(one) == LATIN.findall(other), message.id
