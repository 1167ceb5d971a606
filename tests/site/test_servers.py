"""The throwaway servers of the tests do not disturb each other."""

import pytest
from sqlalchemy import create_engine, text

pytestmark = pytest.mark.mariadb


def test_a_mariadb_keeps_its_temporary_tables_in_a_folder_of_its_own(mariadb_uri: str) -> None:
    # In a shared folder, a starting server would remove the tables of another that is being installed.
    engine = create_engine(mariadb_uri)
    with engine.connect() as connection:
        folders = connection.execute(text("SELECT @@tmpdir, @@datadir")).one()
    engine.dispose()
    assert folders[0].rpartition("/")[0] == folders[1].rstrip("/").rpartition("/")[0]
