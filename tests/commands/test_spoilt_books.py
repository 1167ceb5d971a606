"""Text garbled by a wrong encoding is not stored, and what was stored before is repaired or replaced."""

import pytest

from app.catalogues.text.spoilt import is_spoilt, repaired
from app.models.base import db
from app.models.book import Book
from tests.commands.dumps import rejected
from tests.factories import BookFactory

ISBN = "9780439023481"


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("Die PrÃ¼fung", "Die Prüfung"), ("Pr黤ung", "Prüfung"), ("La clÃ©", "La clé"),
        ("ä¸‰ä½“ Ã©", "三体 é"), ("Câ€™est", "C’est"), ("Ð¤Ð¾Ð½Ð°Ñ€ÑŒ", "Фонарь"),
        ("Title\ufffd", ""), ("\u0301\u0300 \u0302", ""), ("$1!2!J!HP!HP", ""), ("锟斤拷", ""),
    ],
)  # fmt: skip
def test_spoilt_text_is_known_and_repaired_where_it_can_be_told(text, before):
    assert is_spoilt(text)
    assert repaired(text) == before


@pytest.mark.parametrize(
    "text",
    ["Prüfung", "São João", "Âge d'or", "ÂME", "三体II", "T恤", "A股 market", "C’est la vie", "Ёж", "Ðorðe", "$1.50",
     "π", "!?", "كِتَاب", "הַמִּלְחָמָה", "สี่แผ่นดิน", "Việt Nam", "한강", "à"],
)  # fmt: skip
def test_what_people_write_is_not_spoilt(text):
    assert not is_spoilt(text)
    assert repaired(text) == ""


def test_a_spoilt_line_is_rejected_with_what_it_may_have_been(app, flask, dump):
    path = dump(f"isbn,title,author\n{ISBN},Die PrÃ¼fung,Jörg Muster\n9780141439518,x,Jörg Muster\n".encode())
    assert "1 stored" in flask(path).output
    assert rejected(path)[2].startswith("title reads 'Die PrÃ¼fung', which may have been 'Die Prüfung'")


def test_books_stored_before_are_mended_or_listed(app, flask):
    with app.app_context():
        first = BookFactory(title="Die Pr黤ung", authors=["J黵gen Muster"]).isbn
        second = BookFactory(title="Lost \ufffd").isbn
        whole = BookFactory(title="三体").isbn
    run = app.test_cli_runner().invoke
    assert "1 would be repaired, 1 can not be" in run(args=["books", "mend", "--dry-run"]).output
    result = run(args=["books", "mend"])
    assert f"{first}  Die Pr黤ung → Die Prüfung" in result.output
    assert f"{second}  Lost \ufffd → can not be repaired" in result.output
    assert whole not in result.output
    with app.app_context():
        book = Book.find_by_isbn(first)
        assert (book.title, book.authors) == ("Die Prüfung", ["Jürgen Muster"])
    assert "0 repaired, 1 can not be" in run(args=["books", "mend"]).output


def test_a_right_file_replaces_what_is_spoilt(app, flask, dump):
    with app.app_context():
        isbn = BookFactory(title="Lost \ufffd\ufffd", authors=["Ann \ufffd"]).isbn
        db.session.commit()
    assert "1 stored" in flask(dump(f"isbn,title,author\n{isbn},Die Prüfung,Ann Muster\n".encode())).output
    with app.app_context():
        assert (Book.find_by_isbn(isbn).title, Book.find_by_isbn(isbn).authors) == ("Die Prüfung", ["Ann Muster"])
