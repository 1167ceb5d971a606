"""The time of commands that read much, with 100,000 readers and a million books: `python -m bench.crowd_commands`."""

import argparse
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bench.__main__ import write_section
from bench.crowd import crowded
from bench.crowd_pages import table
from bench.imports import run_flask

COMMANDS = (
    ["beans", "audit"],
    ["beans", "suspects"],
    ["books", "export", "{folder}/books.csv"],
    ["deadlines", "run"],
    ["privacy", "purge"],
    ["privacy", "rotate"],
    ["search", "check"],
    ["search", "update"],
    ["user", "list"],
    ["jobs", "list"],
)


def main() -> None:
    """Fill the database, or use the one in the folder, measure, and write the section of the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.crowd_commands", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the database and its index are kept and used again")
    home = parser.parse_args().folder
    with crowded(home) as uri:
        index = home / "search.db"
        environ = os.environ | {
            "FISHER_ENV": "testing", "FISHER_SQLALCHEMY_DATABASE_URI": uri, "FISHER_SEARCH_INDEX_PATH": str(index),
        }  # fmt: skip
        if not index.exists():
            run_flask(["search", "build"], environ)
        pages = table(uri, str(index))
        write_section("crowd", f"{pages}\n\n{_commands(environ)}")


def _commands(environ: Mapping[str, str]) -> str:
    rows = ["| command | seconds, with its start | peak memory |", "|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        for command in COMMANDS:
            run = run_flask([word.format(folder=folder) for word in command], dict(environ))
            rows.append(f"| `flask {' '.join(command[:2])}` | {run.seconds:.1f} | {run.memory:.0f} MB |")
            print(rows[-1], flush=True)
    return "\n".join(rows)


if __name__ == "__main__":
    main()
