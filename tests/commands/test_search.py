import sys

import pytest

from app.search import IndexState, ensure_fts5
from app.search import schema as schema_module
from app.search.extension import site_search
from app.search.write.lock import writer_lock
from tests.factories import BookFactory
from tests.servers import wait_until


@pytest.fixture
def flask(app):
    """Run a `flask search …` command; returns the exit code and what it printed."""

    def run(*args):
        result = app.test_cli_runner().invoke(args=["search", *args])
        return result.exit_code, result.output

    return run


@pytest.fixture
def books(app):
    with app.app_context():
        BookFactory(title="三体")
        BookFactory(title="活着")


def found(app, text):
    with app.app_context():
        return site_search().index.search(text).book_ids


def test_update_builds_a_missing_index_and_then_applies_changes(app, flask, books):
    code, output = flask("update")
    assert (code, output.splitlines()[-1].split(" in ")[0]) == (0, "2 books indexed")
    assert found(app, "santi") == (1,)
    with app.app_context():
        BookFactory(title="围城")

    code, output = flask("update")
    assert (code, output.splitlines()[-1]) == (0, "1 changes applied")
    assert found(app, "围城") == (3,)
    assert flask("update")[1].splitlines()[-1] == "0 changes applied"


def test_build_says_how_many_books(flask, books):
    code, output = flask("build")

    assert code == 0
    assert output.splitlines()[-1].startswith("2 books indexed in ")


def test_check_finds_and_mends_a_difference(app, flask, books):
    flask("build")
    assert flask("check") == (0, "the index agrees with the books\n")
    with app.app_context():
        from app.models.base import db

        db.session.execute(db.text("UPDATE book SET title = '三体全集' WHERE id = 1"))
        db.session.commit()

    code, output = flask("check")
    assert code == 1
    assert "1 books missing or different: 1" in output
    assert flask("check", "--mend")[0] == 1
    assert flask("check") == (0, "the index agrees with the books\n")
    assert found(app, "全集") == (1,)


def test_check_without_an_index_says_what_to_do(flask, books):
    code, output = flask("check")

    assert code == 1
    assert "flask search build" in output


def test_check_says_that_a_damaged_index_has_to_be_built_anew(app, flask, books):
    flask("build")
    with app.app_context():
        file = site_search().path.resolve()
    size = file.stat().st_size
    with file.open("r+b") as index:  # the readings, which take most of the file
        index.seek(size // 5)
        index.write(b"\xff" * (size * 3 // 4))

    code, output = flask("check")

    assert code == 1
    assert "damaged" in output
    assert "flask search build" in output
    assert "Traceback" not in output


def test_stats_before_and_after_a_build(flask, books):
    assert "missing" in flask("stats")[1]
    flask("build")
    output = flask("stats")[1]

    assert "ready" in output
    assert "2 of 2" in output


def test_a_second_writer_is_refused_with_a_sentence(app, flask, books, monkeypatch):
    monkeypatch.setattr(sys.modules["app.commands.search"], "_WAIT", 0)
    with app.app_context():
        path = site_search().path
    with writer_lock(path):
        code, output = flask("build")

    assert code == 1
    assert "another process" in output


def test_a_folder_that_can_not_be_written_is_said(flask, books, monkeypatch):
    def refuse(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.search.write.build._write", refuse)
    code, output = flask("build")

    assert code == 1
    assert "No space left" in output
    assert "Traceback" not in output


def test_a_missing_full_text_module_is_said_at_start(monkeypatch):
    class WithoutFTS5:
        def execute(self, statement):
            raise schema_module.sqlite3.OperationalError("no such module: fts5")

        def close(self):
            pass

    monkeypatch.setattr(schema_module.sqlite3, "connect", lambda path: WithoutFTS5())
    with pytest.raises(schema_module.MissingFTS5, match="FTS5"):
        ensure_fts5()


def test_a_running_site_finds_a_book_soon_after_it_was_stored(app, client):
    app.config["SEARCH_KEEPER"] = True
    with app.app_context():
        search = site_search()
        search.start_index_worker()
        BookFactory(title="围城")
    wait_until(lambda: found(app, "围城") == (1,), 60, "the book is not found")
    search.index_worker.stop()

    assert found(app, "weicheng") == (1,)
    assert search.index.state() is IndexState.READY
