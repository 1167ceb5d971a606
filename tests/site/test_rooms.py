"""Imports run one way: views call services, services use rules, and rules import nothing else."""

import ast
from collections import Counter
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "app"
# Wiring that rooms close to a request may use.
WIRING = {
    *("deadline", "development", "extensions", "headers", "i18n", "logs", "metrics", "site_links", "static_files"),
    "traditional",
}
MAY_IMPORT = {
    "web": {"web", "forms", "services", "rules", "models"} | WIRING,
    "forms": {"forms", "rules", "i18n"},
    "services": {"services", "rules", "models", "catalogues", "search", "mail"} | WIRING,
    "rules": {"rules"},
    "models": {"models", "rules", "deadline"},
    "catalogues": {"catalogues", "rules"},
    "search": {"search", "models", "rules"},
    "mail": {"mail"} | WIRING,
    "jobs": {"jobs", "services", "mail", "models", "rules"} | WIRING,
    "commands": {"commands", "forms", "services", "search", "catalogues", "jobs", "models", "rules"} | WIRING,
}
WINGS = {
    "services": [
        "site",
        "feed",
        "preview",
        "moderation",
        "economy",
        "account",
        "door",
        "circle",
        "basket",
        "shelf",
        "correction",
        "trust",
        "journey",
        "exchange",
        "delivery",
        "notice",
        "bean",
        "imports",
        "copy",
        "book",
        "sight",
    ],
    "rules": [
        "journey",
        "moderation",
        "circle",
        "economy",
        "account",
        "door",
        "correction",
        "trust",
        "shelf",
        "exchange",
        "bean",
        "book",
    ],
    "web": [
        "site",
        "feed",
        "moderation",
        "account",
        "circle",
        "shelf",
        "correction",
        "journey",
        "basket",
        "exchange",
        "api",
        "book",
        "page",
        "display",
    ],
    "catalogues": ["api", "shelves", "files", "text"],
    "search": ["read", "write", "text"],
}
"""The folders of a room, one subject each; they import only folders to their right."""
LARGEST_FOLDER = 24
NEVER = {
    "forms": {"sqlalchemy", "flask_login"},
    "rules": {"flask", "flask_babel", "flask_login", "sqlalchemy", "requests"},
    "catalogues": {"flask", "sqlalchemy"},
    "mail": {"sqlalchemy"},
    "web": {"sqlalchemy.orm", "requests", "smtplib"},
}
PAGE_NAMES = {"request", "session", "flash", "abort", "redirect", "render_template", "g"}


def modules(room: str) -> list[Path]:
    return sorted([*APP.glob(f"{room}/**/*.py"), *APP.glob(f"{room}.py")])


def imports(path: Path) -> set[str]:
    """Return what a module imports, as dotted names: `from app.rules import isbn` gives `app.rules.book.isbn`."""
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
        wrong += [f"{short(path)} imports app.{name}" for name in own - MAY_IMPORT[room]]
    assert wrong == []


@pytest.mark.parametrize("room", WINGS)
def test_a_wing_imports_only_wings_to_its_right(room):
    order = WINGS[room]
    wings = {path.parent.name for path in (APP / room).glob("*/__init__.py")}
    wrong = [
        f"{short(path)} imports {name}"
        for path in modules(room)
        for name in imports(path)
        for own, other in [(wing_of(room, "app." + short(path).replace("/", ".")), wing_of(room, name))]
        if own and other and order.index(other) < order.index(own)
    ]
    assert (wings, wrong) == (set(order), [])


def wing_of(room: str, name: str) -> str | None:
    """Return the wing that a dotted name belongs to; None for names in the room itself or in another one."""
    parts = name.split(".")
    return parts[2] if parts[:2] == ["app", room] and len(parts) > 3 and parts[2] in WINGS[room] else None


def test_imports_run_in_no_circle():
    names = {
        short(path).removesuffix(".py").removesuffix("/__init__").replace("/", "."): path for path in APP.rglob("*.py")
    }
    graph = {
        name: {known for found in imports(path) if (known := known_module(found, names)) and known != name}
        for name, path in names.items()
    }
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


def known_module(name: str, names: dict[str, Path]) -> str | None:
    """Return the innermost module of the application that a dotted name is, or is in."""
    parts = name.split(".")[1:] if name.startswith("app.") else []
    return next((".".join(parts[:end]) for end in range(len(parts), 0, -1) if ".".join(parts[:end]) in names), None)


def test_no_folder_is_too_large_to_look_through():
    files = [path for kind in ("*.py", "*.html") for path in APP.rglob(kind) if not path.name.startswith("_")]
    sizes = Counter(short(path.parent) for path in files)
    assert {name: size for name, size in sizes.items() if size > LARGEST_FOLDER} == {}


@pytest.mark.parametrize("room", NEVER)
def test_a_room_keeps_away_from_what_is_not_its_work(room):
    wrong = [
        f"{short(path)} imports {name}"
        for path in modules(room)
        for name in imports(path)
        for banned in NEVER[room]
        if name == banned or name.startswith(banned + ".")
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
