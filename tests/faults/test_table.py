"""The table of faults for operators names lines that the site writes and that a test has seen."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).name


def rows():
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    table = text.split("## When something fails")[1].split("\n## ")[0]
    return [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")][1:]


def sources(folder):
    paths = [path for path in (ROOT / folder).rglob("*.py") if path.name != HERE]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def test_every_line_of_the_log_is_one_that_a_test_has_seen():
    app, tests = sources("app"), sources("tests")
    named = {name for row in rows() for name in re.findall(r"`([a-z][a-z. ]+)`", row[2])}
    named -= {"clock", "database or disk is full", "book.cover"}  # what a line says further

    assert len(named) >= 9
    assert sorted(name for name in named if f'"{name}"' not in app) == []
    assert sorted(name for name in named if f'"{name}"' not in tests) == []


def test_every_row_has_all_four_columns_and_every_setting_exists():
    settings = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")

    assert [row for row in rows() if len(row) != 4] == []
    assert {name for row in rows() for name in re.findall(r"FISHER_\w+", " ".join(row))} <= set(
        re.findall(r"`(FISHER_\w+)`", settings)
    )
