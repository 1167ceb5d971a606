"""Imports run in the process of the test, and dumps written line by line."""

import pytest


@pytest.fixture
def flask(app):
    """Run `flask books import` and return its output and exit code."""

    def run(*arguments):
        return app.test_cli_runner().invoke(args=["books", "import", *map(str, arguments)])

    return run


@pytest.fixture
def dump(tmp_path):
    """Write lines into a file."""

    def write(*lines, name="dump.txt"):
        path = tmp_path / name
        path.write_bytes(b"".join(lines))
        return path

    return write
