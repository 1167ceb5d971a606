"""The throwaway servers of the tests do not disturb each other."""

import os

import pytest
from sqlalchemy import create_engine, insert, make_url, text

from app.models.work import Work
from tests.servers import GIVEN, mariadb_database

pytestmark = pytest.mark.mariadb


@pytest.mark.skipif(GIVEN in os.environ, reason="the given server has its own folders")
def test_a_mariadb_keeps_its_temporary_tables_in_a_folder_of_its_own(mariadb_uri: str) -> None:
    # In a shared folder, a starting server would remove the tables of another that is being installed.
    engine = create_engine(mariadb_uri)
    with engine.connect() as connection:
        folders = connection.execute(text("SELECT @@tmpdir, @@datadir")).one()
    engine.dispose()
    assert folders[0].rpartition("/")[0] == folders[1].rstrip("/").rpartition("/")[0]


def test_tests_use_a_given_server_under_its_account_and_leave_nothing(mariadb_uri, monkeypatch):
    own = make_url(mariadb_uri)
    user = f"tester_{os.getpid()}"
    engine = create_engine(mariadb_uri)
    with engine.connect() as connection:
        connection.execute(text(f"CREATE USER {user}@'%' IDENTIFIED BY 'p@ss/word'"))
        connection.execute(text(f"GRANT ALL ON `fisher\\_test\\_%`.* TO {user}@'%'"))
        given = own.set(username=user, password="p@ss/word", database=None, query={})
        monkeypatch.setenv(GIVEN, given.render_as_string(hide_password=False))
        with mariadb_database(own.port) as uri:
            url = make_url(uri)
            assert (url.username, url.password, url.port) == (user, "p@ss/word", own.port)
            made = create_engine(uri)
            with made.connect() as other:
                assert other.scalar(text("SELECT substring_index(user(), '@', 1)")) == user
            made.dispose()
        assert connection.execute(text(f"SHOW DATABASES LIKE '{url.database}'")).all() == []
        connection.execute(text(f"DROP USER {user}@'%'"))
    engine.dispose()


def test_a_database_that_is_emptied_has_no_rows_and_counts_from_one_whatever_a_test_has_done(emptied_database):
    first = emptied_database.uri()
    engine = create_engine(first)
    with engine.begin() as connection:
        connection.execute(insert(Work.__table__))
    assert emptied_database.uri() == first
    with engine.begin() as connection:
        assert connection.execute(insert(Work.__table__)).inserted_primary_key == (1,)
        connection.execute(text("ALTER TABLE work DROP COLUMN status"))
    assert emptied_database.uri() != first
    engine.dispose()
