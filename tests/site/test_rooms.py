"""Imports run one way: pages call actions, actions know the rules, the rules know nobody."""

import ast
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "app"
# Wiring that any room next to a request may use.
WIRING = {"extensions", "i18n", "logs"}
MAY_IMPORT = {
    "web": {"web", "forms", "services", "rules", "models", "jobs"} | WIRING,
    "forms": {"forms", "rules", "i18n"},
    "services": {"services", "rules", "models", "catalogues", "search", "mail", "jobs"} | WIRING,
    "rules": {"rules"},
    "models": {"models", "rules"},
    "catalogues": {"catalogues", "rules"},
    "search": {"search", "models", "rules"},
    "mail": {"mail"} | WIRING,
    "jobs": {"jobs", "services", "mail", "models", "rules"} | WIRING,
    "commands": {"commands", "forms", "services", "search", "catalogues", "jobs", "models", "rules"} | WIRING,
}
NEVER = {
    "forms": {"sqlalchemy", "flask_login"},
    "rules": {"flask", "flask_babel", "flask_login", "sqlalchemy", "requests"},
    "catalogues": {"flask", "sqlalchemy"},
    "mail": {"sqlalchemy"},
    "web": {"sqlalchemy.orm", "requests", "smtplib"},
}
# The door that Celery comes in by, as `fisher.py` is the web server's.
DOORS = {"jobs/celery.py": {"create_app"}}
# An unreachable or unprepared database has its own error page.
EXCUSED = {("web/errors.py", "sqlalchemy.exc")}
PAGE_NAMES = {"request", "session", "flash", "abort", "redirect", "render_template", "g"}


def modules(room: str) -> list[Path]:
    return sorted([*APP.glob(f"{room}/**/*.py"), *APP.glob(f"{room}.py")])


def imports(path: Path) -> set[str]:
    """Return what a module imports, as dotted names: `from app.rules import isbn` gives `app.rules.isbn`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def short(path: Path) -> str:
    return path.relative_to(APP).as_posix()


def test_every_folder_of_the_house_is_a_known_room():
    folders = {path.parent.name for path in APP.glob("*/__init__.py")}

    assert folders <= set(MAY_IMPORT)


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_what_it_may(room):
    wrong = []
    for path in modules(room):
        own = {name.split(".")[1] for name in imports(path) if name.startswith("app.")}
        wrong += [
            f"{short(path)} imports app.{name}" for name in own - MAY_IMPORT[room] - DOORS.get(short(path), set())
        ]
    assert wrong == []


@pytest.mark.parametrize("room", NEVER)
def test_a_room_keeps_away_from_what_is_not_its_work(room):
    wrong = [
        f"{short(path)} imports {name}"
        for path in modules(room)
        for name in imports(path)
        for banned in NEVER[room]
        if (name == banned or name.startswith(banned + "."))
        and not any(short(path) == file and name.startswith(allowed) for file, allowed in EXCUSED)
    ]
    assert wrong == []


def test_actions_know_nothing_of_the_request():
    wrong = [
        f"{short(path)} imports flask.{name}"
        for path in modules("services")
        for name in PAGE_NAMES
        if f"flask.{name}" in imports(path)
    ]
    assert wrong == []


def test_only_actions_write():
    writers = {
        short(path)
        for path in APP.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "auto_commit"
    }
    assert writers
    assert {name.split("/")[0] for name in writers} <= {"services", "jobs"}


def test_pages_never_touch_the_database_session():
    wrong = [
        f"{short(path)}:{node.lineno}"
        for path in modules("web")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr == "session"
        and isinstance(node.value, ast.Name)
        and node.value.id == "db"
    ]
    assert wrong == []
