"""Rules for the source of every template."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "app" / "templates"
FILES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*") if path.is_file())
PAGES = [name for name in FILES if name.endswith(".html")]
COMPONENTS = [name for name in FILES if name.startswith("components/")]
NOT_TEXT = re.compile(r"<style>.*?</style>|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->|<[^>]*>|&\w+;", re.DOTALL)
# The names of the languages are not translated.
UNTRANSLATED = {"中文", "English"}


def source(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FILES)
def test_every_template_compiles(app, name):
    assert app.jinja_env.get_template(name)


@pytest.mark.parametrize("name", PAGES)
def test_no_template_holds_script_and_none_of_a_page_holds_style(name):
    text = source(name)

    # Mail programs drop style sheets.
    assert name.startswith("mail/") or not re.search(r"<style|\bstyle\s*=", text, re.IGNORECASE)
    assert not re.search(r"\bon[a-z]+\s*=\s*[\"']|javascript:", text, re.IGNORECASE)
    # A block of data is not run.
    scripts = [tag for tag in re.findall(r"<script[^>]*>", text) if tag != '<script type="application/ld+json">']
    assert not [tag for tag in scripts if "src=" not in tag]


@pytest.mark.parametrize("name", [name for name in PAGES if not name.startswith("mail/")])
def test_no_page_prints_a_time_but_with_the_filters_for_it(name):
    """`|ago`, `|day`, `|month`, `|moment` and `|due` make the element with the whole date in its title."""
    shown = re.findall(r"\{\{.*?\}\}", source(name), re.DOTALL)
    assert not re.findall(r"strftime|isoformat|(?:date|time)format|format_(?:date|time)|_datetime\b", " ".join(shown))
    bare = r"\{\{-?\s*[\w.]+\.(?:\w*_(?:time|until|at)|time|since|create_datetime)\s*-?\}\}"
    assert [text for text in shown if re.fullmatch(bare, text) and "left_at" not in text] == []


@pytest.mark.parametrize("name", FILES)
def test_no_template_switches_escaping_off(name):
    assert not re.search(r"\|\s*safe\b|autoescape\s+false|Markup\(", source(name))


@pytest.mark.parametrize("name", PAGES)
def test_every_form_that_is_posted_carries_the_token(name):
    for form in re.findall(r"<form.*?</form>", source(name), re.DOTALL):
        if re.search(r"method=\"post\"", form, re.IGNORECASE):
            assert "csrf_token()" in form or "hidden_tag()" in form
        else:
            assert re.search(r"method=\"get\"", form)


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_is_one_macro_with_the_name_of_its_file(name):
    public = re.findall(r"\{%-?\s*macro\s+([a-z]\w*)\(", source(name))

    assert public == [Path(name).stem]


@pytest.mark.parametrize("name", PAGES)
def test_no_text_is_left_untranslated(name):
    words = {word.strip() for word in NOT_TEXT.sub("\n", source(name)).split("\n")}

    assert {word for word in words if re.search(r"[^\W\d_]", word)} <= UNTRANSLATED
