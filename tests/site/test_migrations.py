from itertools import pairwise

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import case, delete, inspect, select, text, update

from app import create_app
from app.models.base import Base, db
from app.models.book import Book
from app.models.drift import Drift
from app.models.encrypted import unseal
from app.models.notice import Notice
from app.models.user import User
from app.models.wish import Wish
from app.models.work import Work
from app.rules.clock import DAY
from app.rules.exchange.drift import Way
from app.rules.exchange.listing import Condition, WishState
from app.rules.exchange.wish_scope import WishScope
from app.services.account.pool import run_pool
from app.services.bean.ledger import list_ledger
from app.services.bean.pool import insure
from app.services.book.browse import list_catalogue_page
from app.services.book.works import place_outdated
from app.services.correction.undo import undo_step
from app.services.delivery.postal_address import keep_address
from app.services.delivery.thread import Draft
from app.services.exchange import drift
from app.services.exchange.drift import write_message
from app.services.exchange.gift import offer_gift
from app.services.site.table_copy import list_tables
from config import Testing
from tests.exchange import HOME, NOW, ask, assert_audit_is_clean, beans_of, book, copy_of, exchange, reader, wish_for
from tests.factories import BookFactory, UserFactory


@pytest.fixture
def settings(any_database_uri, tmp_path):
    return {"SQLALCHEMY_DATABASE_URI": any_database_uri, "SEARCH_INDEX_PATH": str(tmp_path / "search.db")}


def test_the_migrations_make_the_tables_of_the_models_and_take_them_away_again(app_context):
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []
    downgrade(revision="base", x_arg="yes-lose-data")
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


@pytest.mark.slow
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
    assert list_catalogue_page("zh", "zh", letter="s").books[0].corrected == []
    book = Book.find_by_isbn("9787536692930")
    assert (book.original_title, book.series, book.series_number, book.subjects) == ("", "", "", [])
    assert (book.work_key, book.first_year) == ("", None)
    assert (book.work_version, place_outdated(), Work.find_by_id(book.work_id).id) == (0, 1, book.work_id)
    db.session.remove()
    downgrade(revision="0001", x_arg="yes-lose-data")
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT title FROM book")).scalar() == "三体"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("target", "lost"),
    [
        ("0076", "works"),
        ("0062", "series"),
        ("0020", "exchanges"),
        ("0002", "exchanges"),
        ("0001", "readers"),
        ("base", "books"),
    ],
)
def test_no_step_back_drops_what_readers_did_unless_that_is_said(app_context, caplog, target, lost):
    upgrade()
    with pytest.raises(SystemExit):
        downgrade(revision=target)

    assert lost in caplog.text
    assert f"db downgrade -x yes-lose-data {target}" in caplog.text
    assert {*Base.metadata.tables} <= set(inspect(db.engine).get_table_names())
    with db.engine.connect() as connection:
        heads = ScriptDirectory(app_context.extensions["migrate"].directory).get_heads()
        assert list(MigrationContext.configure(connection).get_current_heads()) == heads
    downgrade(revision=target, x_arg="yes-lose-data")
    assert ("gift" in inspect(db.engine).get_table_names()) is (target in ("0076", "0062"))


def test_a_step_back_that_loses_nothing_needs_no_word(app_context):
    upgrade(revision="0020")
    downgrade(revision="0002")
    assert "user" in inspect(db.engine).get_table_names()


@pytest.mark.slow
def test_nicknames_from_before_are_compared_by_their_look(app_context):
    """Of two that look alike, the first one owns the name; both keep their spelling."""
    upgrade(revision="0030")
    names = {1: ("Ivan", "ivan"), 2: ("lvan", "lvan"), 3: ("小王", "小王"), 4: ("Newcomer", "?0123")}
    columns = "id, nickname, nickname_folded, email, email_folded, password_hash, beans, locale, time_zone"
    more = "muted_notices, session_version, totp_last_step, create_time, status"
    with db.engine.begin() as connection:
        for id, (name, folded) in names.items():
            values = f"{id}, '{name}', '{folded}', '{id}@e.org', '{id}@e.org', '', 0, 'en', 'UTC', '[]', 1, 0, 0, 1"
            connection.execute(text(f"INSERT INTO user ({columns}, {more}) VALUES ({values})"))

    def folded():
        with db.engine.connect() as connection:
            return list(connection.execute(text("SELECT nickname, nickname_folded FROM user ORDER BY id")).all())

    upgrade()
    assert folded() == [("Ivan", "lvan"), ("lvan", "=2"), ("小王", "小王"), ("Newcomer", "?0123")]
    assert (User.find_by_nickname("IVAN").id, User.find_by_nickname("小王").id) == (1, 3)
    db.session.remove()
    downgrade(revision="0030", x_arg="yes-lose-data")
    assert folded() == list(names.values())


@pytest.mark.slow
@pytest.mark.parametrize("revision", ["0055", "0056", "0061"])
def test_a_step_back_and_forth_keeps_what_readers_have_done(app_context, revision):
    upgrade()
    for state in ("waiting", "accepted", "received", "missing"):
        done = exchange(state)
    wish_for(done.giver, book(), scope=WishScope.THIS_EDITION)
    wish_for(done.asker, Book.get_number(db.session.get_one(Drift, done.drift).book_id), scope=WishScope.THIS_EDITION)
    keep_address(done.giver, HOME)
    with db.auto_commit():
        db.session.execute(update(User).values(ways="post meet"))  # what a step forth gives to everybody
        waiting = select(Wish.user_id).where(Wish.state == WishState.OPEN)
        db.session.execute(update(User).values(look_time=case((User.id.in_(waiting), 0))))  # and to those who wait
        db.session.execute(delete(Notice))  # what a step back forgets
        db.session.execute(update(User).values(digest_time=None))
    before = rows_of_all_tables()
    downgrade(revision=revision, x_arg="yes-lose-data")
    upgrade()
    assert rows_of_all_tables() == before
    assert_audit_is_clean()


def test_each_step_since_the_first_release_is_taken_with_data(app_context):
    """What a site of each release holds is there after the step to the next one; the last leads to a whole site."""
    upgrade()
    for state in ("waiting", "accepted", "mailed", "received", "missing", "cancelled"):
        wish_for(exchange(state).giver, book())
    for state in ("mailed", "expired", "no_asker", "no_giver"):
        exchange(state, way=Way.PLACE if state == "no_giver" else Way.MEET)
    undone = exchange("accepted")
    drift.confirm_mailed(undone.giver, undone.drift, "", NOW)
    undo_step(undone.giver, undone.drift, NOW)
    isbns = sorted(db.session.scalars(select(Book.isbn)))
    script = ScriptDirectory(app_context.extensions["migrate"].directory)
    db.session.remove()

    for newer, older in pairwise(step.revision for step in script.walk_revisions()):
        downgrade(revision=older, x_arg="yes-lose-data")
        held = rows_there()
        assert all(held[table] for table in held.keys() & {"book", "user", "drift", "wish"}), older
        upgrade(revision=newer)
        downgrade(revision=older, x_arg="yes-lose-data")
        assert rows_there() == held, older

    upgrade()
    assert sorted(db.session.scalars(select(Book.isbn))) == isbns
    assert app_context.test_client().get("/readyz").json["database"] is True


@pytest.mark.slow
def test_the_note_of_a_request_is_its_first_message_and_a_note_again_after_a_step_back(app_context):
    upgrade()
    noted, silent = (ask(reader(), copy_of(reader(0)), note=note) for note in ("请包好", ""))
    for id in (noted, silent):
        write_message(db.session.get_one(Drift, id).asker_id, id, Draft("later"), NOW + 9)
    of_message = "drift_id, author_id, reader_id, sealed, is_phrase, create_time"

    def messages():
        with db.engine.connect() as connection:
            rows = connection.execute(text(f"SELECT {of_message} FROM message ORDER BY create_time, drift_id")).all()
            return [tuple(row) for row in rows]

    before = messages()
    db.session.remove()
    downgrade(revision="0094", x_arg="yes-lose-data")
    with db.engine.connect() as connection:
        notes = dict(connection.execute(text("SELECT id, note FROM drift")).tuples().all())
    assert (unseal(notes[noted]), notes[silent], messages()) == ("请包好", None, before[1:])
    upgrade()
    assert messages() == before
    with db.engine.connect() as connection:
        read = connection.execute(text(f"SELECT read_time FROM message WHERE create_time = {NOW}")).scalars().all()
    assert read == [NOW]


@pytest.mark.slow
@pytest.mark.parametrize("revision", ["0080", "0061"])
def test_books_without_isbn_and_their_copies_survive_a_step_back_and_forth(app_context, revision):
    upgrade()
    ids = [BookFactory(isbn=None).id for _ in range(2)]
    offer_gift(UserFactory().id, ids[0], Condition.GOOD, "", None, 1)
    with db.auto_commit():
        db.session.execute(update(User).values(ways="post meet"))  # what a step forth gives to everybody
    before = rows_of_all_tables()
    db.session.remove()
    downgrade(revision=revision, x_arg="yes-lose-data")
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT isbn FROM book ORDER BY id")).scalars().all() == [f"F{id}" for id in ids]
    upgrade()
    shelves = {"shelf_place": []}  # which the jobs fill
    assert rows_of_all_tables() | shelves == before | shelves


@pytest.mark.slow
def test_who_was_there_before_the_roles_is_a_reader(app_context, caplog):
    upgrade()
    UserFactory(role="moderator")
    with pytest.raises(SystemExit):
        downgrade(revision="0062")
    assert "all roles of moderators and operators" in caplog.text
    downgrade(revision="0062", x_arg="yes-lose-data")
    upgrade()
    assert db.session.scalars(select(User.role)).all() == ["reader"]


@pytest.mark.slow
def test_a_step_back_before_the_pool_brings_sleeping_beans_back(app_context):
    upgrade()
    who, giver = reader(3), exchange("received").giver
    run_pool(NOW + 180 * DAY)
    with db.auto_commit():
        insure(db.session.scalars(select(Drift)).one(), NOW)
    assert_audit_is_clean()
    db.session.remove()
    downgrade(revision="0107", x_arg="yes-lose-data")
    upgrade()
    assert (beans_of(who), beans_of(giver)) == (3, 1)
    assert_audit_is_clean()
    assert {row.reason for row in list_ledger(who, 1, 9).rows} == {"granted"}


def rows_there():
    """Return the rows of all tables, of any release, but for the works of books, which are found again."""
    with db.engine.connect() as connection:
        return {
            each.name: sorted(repr(list(row)) for row in connection.execute(select(*kept)))
            for each in list_tables(connection)
            if (kept := [column for column in each.c if not column.name.startswith("work_")]) and each.name != "work"
        }


def rows_of_all_tables():
    db.session.rollback()
    tables = Base.metadata.sorted_tables
    with db.engine.connect() as connection:
        return {table.name: _sorted_rows(connection, table) for table in tables}


def _sorted_rows(connection, table):
    """Return the rows of a table but for the works of books, which are found again."""
    columns = [column for column in table.columns if not column.name.startswith("work_") and table.name != "work"]
    return sorted(map(repr, connection.execute(select(*columns)))) if columns else []
