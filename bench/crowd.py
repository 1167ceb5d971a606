"""A throwaway MariaDB with 100,000 readers, 1,000,000 books, and what they have done with each other in years.

The books are those of `bench.catalogue`; everything else is made by the server itself out of sequences. Reader 1 has
listed 7,000 copies and taken part in 35,000 drifts, book 1 is given and wanted by hundreds.
"""

import json
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

import pymysql
from flask_migrate import upgrade

from app import create_app
from app.catalogues.text.sorting import sort_key
from app.models.base import db
from bench.catalogue import Catalogue, MadeBook
from config import Testing
from tests.servers import mariadb_server

READERS, BOOKS, COPIES, DRIFTS, WISHES, UNDER_WAY = 100_000, 1_000_000, 300_000, 1_000_000, 200_000, 20_000
OWN_COPIES, OWN_GIVEN, OWN_ASKED, ON_ONE_BOOK = 7_000, 21_000, 14_000, 500
NOW = int(time.time())  # when the crowd is made: nothing that it has done lies in the future
_BATCH = 5_000

_STORE = f"""
INSERT INTO book(id, isbn, title, subtitle, authors, publisher, language, year, sort_key, translators, corrected,
 pubdate, price, binding, summary, cover, source, original_title, series, series_number, subjects, work_key,
 fetched_at, entered_by_hand, create_time, status)
VALUES(%s, %s, %s, %s, %s, %s, %s, %s, %s, '[]', '[]', '', '', '', '', '', 'bench', '', '', '', '[]', '',
 {NOW}, 0, {NOW}, 1)
"""

# Copy n belongs to book 3n, the first few hundred of others all to book 1; drift n was about copy n, wrapped.
_FILL = f"""
INSERT INTO user(id, nickname, nickname_folded, email, email_folded, password_hash, confirmed_at, beans, locale,
 time_zone, muted_topics, login_version, totp_last_step, create_time, status)
SELECT seq, concat('读者', seq), concat('读者', seq), concat('r', seq, '@example.org'),
 concat('r', seq, '@example.org'), '', {NOW}, 0, 'zh', 'Asia/Shanghai', '[]', 1, 0, {NOW} - 90000000 + seq, 1
FROM seq_1_to_{READERS};

INSERT INTO gift(id, giver_id, book_id, state, `condition`, note, create_time, status)
SELECT seq, IF(seq <= {OWN_COPIES}, 1, 2 + seq * 7919 % {READERS - 1}), book.id,
 ELT(1 + seq % 10, IF(seq <= {UNDER_WAY} * 10, 'reserved', 'open'), 'open', 'open', 'open', 'given', 'given', 'given',
  'given', 'withdrawn', 'hidden'), 'good', '', {NOW} - 80000000 + seq, 1
FROM seq_1_to_{COPIES}
JOIN book ON book.id = IF(seq BETWEEN {OWN_COPIES} AND {OWN_COPIES + 2 * ON_ONE_BOOK}, 1, seq * 3);

INSERT INTO wish(id, user_id, book_id, state, open_key, create_time, status)
SELECT seq, 2 + seq * 31 % {READERS - 1}, book.id, 'open', concat(2 + seq * 31 % {READERS - 1}, ':', book.id),
 {NOW} - 70000000 + seq, 1
FROM seq_1_to_{WISHES} JOIN book ON book.id = IF(seq <= {ON_ONE_BOOK}, 1, seq * 5);

INSERT INTO drift(id, gift_id, book_id, asker_id, giver_id, state, state_time, due_time, beans, open_gift_id,
 create_time, status)
SELECT made.id, gift.id, gift.book_id, asker_id, gift.giver_id, made.state, {NOW} - 2000000 + made.id,
 IF(is_open, {NOW} + 400000 + made.id % 1000, NULL), 1, IF(is_open, gift.id, NULL), {NOW} - 3000000 + made.id, 1
FROM (
 SELECT seq AS id, seq <= {UNDER_WAY} AS is_open,
  CASE WHEN seq <= {UNDER_WAY} THEN seq * 10 WHEN seq <= {UNDER_WAY + OWN_GIVEN} THEN 1 + seq % {OWN_COPIES}
   ELSE {OWN_COPIES + 1} + seq * 13 % {COPIES - OWN_COPIES} END AS gift_id,
  IF(seq > {UNDER_WAY + OWN_GIVEN} AND seq <= {UNDER_WAY + OWN_GIVEN + OWN_ASKED}, 1,
   2 + seq * 6151 % {READERS - 1}) AS asker_id,
  IF(seq <= {UNDER_WAY}, ELT(1 + seq % 3, 'waiting', 'accepted', 'mailed'),
   ELT(1 + seq % 8, 'received', 'received', 'received', 'received', 'rejected', 'withdrawn', 'expired', 'missing'))
   AS state
 FROM seq_1_to_{DRIFTS}) AS made JOIN gift ON gift.id = made.gift_id;

INSERT INTO drift_event(drift_id, action, actor, from_state, to_state, create_time, status)
SELECT id, 'ask', 'asker', NULL, 'waiting', create_time, 1 FROM drift;

INSERT INTO drift_event(drift_id, action, actor, from_state, to_state, create_time, status)
SELECT id, 'accept', 'giver', 'waiting', state, state_time, 1 FROM drift WHERE state <> 'waiting';

CREATE TEMPORARY TABLE account (PRIMARY KEY (id)) AS SELECT user.id,
 (SELECT count(*) FROM drift WHERE giver_id = user.id AND state = 'received') AS earned,
 (SELECT count(*) FROM drift
  WHERE asker_id = user.id AND state IN ('waiting', 'accepted', 'mailed', 'received')) AS spent
FROM user;

INSERT INTO bean_transfer(id, source, target, amount, reason, drift_id, `key`, create_time, status)
SELECT id, 'mint', concat('reader:', id), 1, 'confirmed', NULL, concat('confirmed:', id), {NOW} - 90000000, 1 FROM user;

INSERT INTO bean_transfer(id, source, target, amount, reason, drift_id, `key`, create_time, status)
SELECT {READERS} + id, 'mint', concat('reader:', id), spent - earned, 'granted', NULL, concat('grant:', id),
 {NOW} - 80000000, 1 FROM account WHERE spent > earned;

INSERT INTO bean_transfer(id, source, target, amount, reason, drift_id, `key`, create_time, status)
SELECT 2 * ({READERS} + id), concat('reader:', asker_id), 'escrow', 1, 'asked', id, concat('drift:', id, ':hold'),
 create_time, 1 FROM drift;

INSERT INTO bean_transfer(id, source, target, amount, reason, drift_id, `key`, create_time, status)
SELECT 2 * ({READERS} + id) + 1, 'escrow', concat('reader:', IF(state = 'received', giver_id, asker_id)), 1,
 IF(state = 'received', 'given', 'returned'), id, concat('drift:', id, ':release'), state_time, 1
FROM drift WHERE id > {UNDER_WAY};

UPDATE user JOIN account ON account.id = user.id SET beans = 1 + greatest(earned - spent, 0);

ANALYZE TABLE user, book, gift, wish, drift, drift_event, bean_transfer
"""  # noqa: S608 - made of our own numbers alone


@contextmanager
def crowded(home: Path) -> Iterator[str]:
    """Run the server and yield the address of the database, filled unless `home` holds one from before."""
    home.mkdir(parents=True, exist_ok=True)
    with mariadb_server(home, "--innodb-buffer-pool-size=2G", "--innodb-log-file-size=512M") as port:
        address = f"mysql+pymysql://root@127.0.0.1:{port}/fisher?charset=utf8mb4"
        filled = home / "filled"
        if not filled.exists():
            _run(port, None, "DROP DATABASE IF EXISTS fisher; CREATE DATABASE fisher COLLATE utf8mb4_unicode_ci")
        app = create_app(Testing(SQLALCHEMY_DATABASE_URI=address))
        with app.app_context():
            upgrade()
            db.engine.dispose()
        if not filled.exists():
            _fill(port)
            filled.touch()
        yield address


def _run(port: int, database: str | None, statements: str) -> None:
    with closing(pymysql.connect(host="127.0.0.1", port=port, user="root", database=database, charset="utf8mb4")) as db:
        cursor = db.cursor()
        for statement in statements.split(";"):
            cursor.execute(statement)
            db.commit()


def _fill(port: int) -> None:
    with closing(pymysql.connect(host="127.0.0.1", port=port, user="root", database="fisher")) as connection:
        cursor = connection.cursor()
        books = enumerate(Catalogue().books(BOOKS), 1)
        while batch := list(islice(books, _BATCH)):
            cursor.executemany(_STORE, [_values(number, book) for number, book in batch])
            connection.commit()
    _run(port, "fisher", _FILL)


def _values(number: int, book: MadeBook) -> tuple[object, ...]:
    authors, year = json.dumps(book.authors, ensure_ascii=False), 1950 + number * 13 % 77
    names = (book.title, book.subtitle, authors, book.publisher, book.language)
    return number, book.isbn, *names, year, sort_key(book.title)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # so that the server is stopped, too
    with crowded(Path(sys.argv[1])) as uri:
        print(uri, flush=True)
        signal.pause()
