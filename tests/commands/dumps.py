"""Lines of Open Library dumps, and what an import made of them."""

import json
from pathlib import Path

from sqlalchemy import func, select

from app.models.base import db
from app.models.book import Book

ISBN = "9787536692930"


def line(kind="edition", key="/books/OL1M", changed="2020-04-24T18:09:47.197943", **record):
    whole = record if kind != "edition" else {"title": "三体", "isbn_13": [ISBN]} | record
    return f"/type/{kind}\t{key}\t1\t{changed}\t{json.dumps(whole)}\n".encode()


def author(key, name):
    return line("author", f"/authors/{key}", name=name)


def rows():
    """All columns that an import sets, in the order of the table, and an edition that stands for the work."""
    by_chance = {"create_time", "fetched_at", "id", "work_id"}
    columns = [column for column in Book.__table__.c if column.name not in by_chance]
    of_work = func.min(Book.isbn).over(partition_by=Book.work_id)
    return [tuple(row) for row in db.session.execute(select(*columns, of_work).order_by(Book.isbn))]


def rejected(path):
    text = Path(f"{path}.rejected.tsv").read_text(encoding="utf-8")
    return {int(row.split("\t")[1]): row.split("\t")[2] for row in text.splitlines()[1:]}
