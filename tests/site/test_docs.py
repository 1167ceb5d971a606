import re
from pathlib import Path

from app.commands.settings import settings_tables

ROOT = Path(__file__).parent.parent.parent


def test_the_tables_of_settings_are_those_of_the_code():
    assert settings_tables() in (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8"), "run `make docs`"


def test_every_package_says_why_it_is_here():
    said = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    pipfile = (ROOT / "Pipfile").read_text(encoding="utf-8")
    packages = pipfile.split("[packages]")[1].split("[dev-packages]")[0]
    names = [line.split("=")[0].strip().strip('"') for line in packages.splitlines() if "=" in line]

    assert names
    assert [name for name in names if name not in said] == []


def test_every_file_that_contributing_names_exists():
    said = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"\b(?:app|config|docs|tests)/[\w./]*\w", said)

    assert len(named) > 50
    assert [path for path in named if not (ROOT / path).exists()] == []
