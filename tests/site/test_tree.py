"""What no file of the project may contain."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SKIPPED = {
    ".git",
    ".venv",
    ".pipenv",
    ".mutmut",
    ".areas",
    "mutants",
    "instance",
    "__pycache__",
    ".hypothesis",
    ".mypy_cache",
    ".ruff_cache",
}
BINARY = {".png", ".webp", ".ico", ".mo", ".gz", ".xz", ".db"}
# Split, so that this file does not contain them.
BANNED = [
    r"\b[\w-]+\.(?:int" + r"ernal|co" + r"rp|intra" + r"net|lo" + r"cal)(?:[:/\"'\s]|$)",
    r"https?://(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.[\d.]+",
    r"(?:files\.)?python" + r"hosted\.org|\bpy" + r"pi\.org|--(?:extra-)?index" + r"-url|/simple/?[\"'\s]",
    r"(?<![\w.])/(?:ho" + r"me|ro" + r"ot|work|tmp/te" + r"am)/",
    r"\bdata:" + r"image/",
]


def files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]
    return [path for path in ROOT.rglob("*") if path.is_file() and not SKIPPED & set(path.parts)]


@pytest.mark.parametrize("pattern", BANNED)
def test_no_file_names_a_private_place(pattern):
    banned = re.compile(pattern, re.MULTILINE)
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in files()
        if path.suffix not in BINARY
        for match in banned.finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


def test_no_file_is_large():
    assert [path.name for path in files() if path.stat().st_size > 400_000] == []


@pytest.mark.parametrize("name", ["style.css", "search.js"])
def test_style_and_scripts_fetch_nothing_from_elsewhere(name):
    text = (ROOT / "app" / "static" / name).read_text(encoding="utf-8")

    assert not re.search(r"https?:|@import|url\(\s*[\"']?//", text)
