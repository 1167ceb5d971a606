import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from app import create_app
from app.models.base import Base, db
from app.services.browse import list_shelf
from config import Testing


@pytest.fixture
def settings(any_database_uri, tmp_path):
    return {"SQLALCHEMY_DATABASE_URI": any_database_uri, "SEARCH_INDEX_PATH": str(tmp_path / "search.db")}


def test_the_migrations_make_the_tables_of_the_models_and_take_them_away_again(app_context):
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []
    downgrade(revision="base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]
    upgrade()
    assert set(inspect(db.engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}


def test_a_migrated_site_answers(any_database_uri, tmp_path):
    app = create_app(Testing(SQLALCHEMY_DATABASE_URI=any_database_uri, SEARCH_INDEX_PATH=str(tmp_path / "search.db")))
    with app.app_context():
        upgrade()
    assert app.test_client().get("/readyz").json["database"] is True
    with app.app_context():
        db.engine.dispose()


def test_books_from_before_get_their_place_in_the_list_and_lose_nothing(app_context):
    upgrade(revision="0001")
    values = "'9787536692930', '三体', '', '[]', '[]', '', '', '', '', '', 'zh', '', '', 0, 0, 0, 1"
    columns = (
        "isbn, title, subtitle, authors, translators, publisher, pubdate, price, binding, summary, language, cover, "
        "source, fetched_at, entered_by_hand, create_time, status"
    )
    with db.engine.begin() as connection:
        connection.execute(text(f"INSERT INTO book ({columns}) VALUES ({values})"))
    upgrade()
    assert list_shelf("zh", "zh", letter="s").books[0].corrected == []
    db.session.remove()
    downgrade(revision="0001")
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT title FROM book")).scalar() == "三体"
