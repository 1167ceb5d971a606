"""docs/operations.md, walked by its own commands on an empty MariaDB and Redis."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.servers import free_port, mariadb_database, running, wait_until
from tests.web.server import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.mariadb, pytest.mark.redis]
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
BIN = str(Path(sys.executable).parent)
MAKE_SERVE = re.search(r"^serve:.*\n\t@exec (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)[
    1
].replace("$(BIN)", ".venv/bin")
# What is there already in a test, and would be fetched from elsewhere.
FETCHED = {"make install", "git pull && make install"}


def commands(section):
    """Return the lines of a section's blocks of commands, without those that fetch, and without lines of cron."""
    text = PAGE.split(f"\n## {section}\n")[1].split("\n## ")[0]
    lines = [line.strip() for line in re.findall(r"^ {4}(\S.*)$", text, re.MULTILINE)]
    return [line for line in lines if line not in FETCHED and not line.startswith("0 3")]


class Operator:
    """Types the commands of the page, with a site of its own behind the names that the page makes up."""

    def __init__(self, folder, database, redis, port):
        self.port = port
        self.names = {
            ".venv/bin/": f"{BIN}/", "/srv/backups": str(folder / "backups"),
            "mysql+pymysql://fisher:…@127.0.0.1/fisher?charset=utf8mb4": database,
            "redis://127.0.0.1:6379/0": redis, "redis://127.0.0.1:6379/1": redis.removesuffix("0") + "1",
        }  # fmt: skip
        self.profile = folder / "profile"
        self.profile.write_text(
            f"export SERVE_ON=127.0.0.1:{port} WORKERS=2 FISHER_BOOK_CATALOGUES= FISHER_JOB_POLL=1\n"
            + "".join(
                f"export FISHER_{name}={folder / place}\n"
                for name, place in {
                    "SEARCH_INDEX_PATH": "index/search.db", "COVERS_PATH": "covers", "MAIL_FOLDER": "mail",
                    "IMPORTS_PATH": "imports", "STATIC_PATH": "static",
                }.items()
            )
        )  # fmt: skip

    def meant(self, command):
        for theirs, ours in self.names.items():
            command = command.replace(theirs, ours)
        return command

    def bash(self, command):
        """Return the command that runs this one with the settings."""
        return ["bash", "-c", f". {self.profile}; {self.meant(command)}"]

    def type(self, command, expected=0):
        """Run a command of the page; return what it printed."""
        if command.startswith("export "):
            export, _, how = command.partition("#")
            if "…" in self.meant(export):
                program = how.strip()
                export = export.replace("…", self.type(program).strip())
            self.profile.write_text(self.profile.read_text() + self.meant(export).strip() + "\n")
            return ""
        told = subprocess.run(
            self.bash(command), cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
        )  # fmt: skip
        assert told.returncode == expected, f"{command}: {told.stdout[-1500:]} {told.stderr[-1500:]}"
        return told.stdout

    def is_up(self):
        try:
            return requests.get(f"http://127.0.0.1:{self.port}/readyz", timeout=2).ok
        except requests.RequestException:
            return False

    def clock_runs(self):
        return requests.get(f"http://127.0.0.1:{self.port}/readyz", timeout=60).json()["clock"]


def test_a_site_is_set_up_kept_restored_and_updated_by_the_commands_of_the_page(
    tmp_path, mariadb_uri, mariadb_port, redis_uri
):
    operator = Operator(tmp_path, mariadb_uri, redis_uri, free_port())
    (tmp_path / "backups").mkdir()
    *prepare, serve = commands("One machine")
    for command in prepare:
        operator.type(command)

    assert serve == "make serve"
    with running(operator.bash(f"exec {MAKE_SERVE}"), tmp_path / "log", operator.is_up):
        wait_until(operator.clock_runs, 60, "no deadlines are applied")
        page = requests.get(f"http://127.0.0.1:{operator.port}/", headers={"Accept-Encoding": "gzip"}, timeout=60)
        assert (page.status_code, page.headers["Content-Encoding"]) == (200, "gzip")
        # Without a mail server of their own, readers get no mails: the page sets it up further below.
        examined = operator.type(".venv/bin/flask --app fisher doctor", expected=1)
        assert [line.split()[1] for line in examined.splitlines() if line.startswith("FAIL")] == ["mail"]
        create, verify, restore = commands("Backup and restore")
        backup = operator.type(create).strip().splitlines()[-1].split()[-1]
        made_up = re.search(r"/srv/backups/fisher-\w+", verify)[0]
        operator.names = {made_up: backup} | operator.names
        operator.type(verify)

    with mariadb_database(mariadb_port) as empty:
        operator.type(f"export FISHER_SQLALCHEMY_DATABASE_URI='{empty}'")
        operator.type(restore)
        for command in commands("Updating"):
            operator.type(command)
        assert len(list((tmp_path / "backups").iterdir())) == 2
        with running(operator.bash(f"exec {MAKE_SERVE}"), tmp_path / "log", operator.is_up):
            assert requests.get(f"http://127.0.0.1:{operator.port}/", timeout=60).status_code == 200
