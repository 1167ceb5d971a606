"""The lock works with every Python from the oldest supported to the newest one."""

import json
from importlib import metadata
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCK = json.loads((ROOT / "Pipfile.lock").read_text(encoding="utf-8"))
# 3.11.0 is the oldest supported, 3.11.2 is Debian 12's; packages have conditions on 3.11.3 and 3.11.5.
PYTHONS = ["3.11.0", "3.11.2", "3.12.0", "3.13.0", "3.14.0"]


def environment(python):
    return {"python_full_version": python, "python_version": python.rpartition(".")[0], "sys_platform": "linux"}


def requirements(name, python, extras):
    """Return the requirements of a locked package under this Python; empty for one that is not installed here."""
    try:
        lines = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []
    asked = [Requirement(line) for line in lines]
    return [
        one
        for one in asked
        if one.marker is None or any(one.marker.evaluate({**environment(python), "extra": extra}) for extra in extras)
    ]


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("section", ["default", "develop"])
def test_each_locked_package_finds_what_it_asks_for(section, python):
    locked = {**LOCK["default"], **LOCK["develop"]} if section == "develop" else LOCK["default"]
    missing = []
    for name, entry in LOCK[section].items():
        for asked in requirements(name, python, ["", *entry.get("extras", [])]):
            found = locked.get(canonicalize_name(asked.name))
            if not found:
                missing.append(f"{name} asks for {asked}")
            elif not asked.specifier.contains(found["version"].removeprefix("=="), prereleases=True):
                missing.append(f"{name} asks for {asked}, locked is {found['version']}")
    assert missing == []


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("section", ["default", "develop"])
def test_no_locked_package_is_passed_over(section, python):
    for name, entry in LOCK[section].items():
        if marker := entry.get("markers"):
            assert Marker(marker).evaluate(environment(python)), f"{name}: {marker}"
        try:
            wanted = metadata.metadata(name).get("Requires-Python")
        except metadata.PackageNotFoundError:
            continue
        assert SpecifierSet(wanted or "").contains(python), f"{name}: Python {wanted}"


def test_the_lock_names_no_index():
    assert LOCK["_meta"]["sources"] == []
    assert [name for name, entry in {**LOCK["default"], **LOCK["develop"]}.items() if "index" in entry] == []
