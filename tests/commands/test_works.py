import pytest

from app.models.book import Book
from tests.exchange import book


@pytest.fixture
def flask(app):
    runner = app.test_cli_runner()

    def run(*arguments):
        result = runner.invoke(args=["works", *arguments])
        return result.exit_code, result.output

    return run


@pytest.fixture
def two(app_context):
    said = {"authors": ["曹雪芹"], "language": "zh"}
    return book(title="红楼梦", **said), book(title="石头记", **said)


def test_an_operator_joins_two_works_reads_the_log_and_undoes_it(flask, two):
    first, second = two
    work = Book.find_by_isbn(first).work_id
    assert flask("join", first, second) == (0, f"joined: work {work}\n")

    code, shown = flask("key", second)
    assert code == 0
    assert f"work {work}, placed by: joined" in shown
    assert "key\ttitle\t" in shown
    assert [line.split("\t")[1] for line in shown.splitlines() if line.startswith("edition")] == [first, second]
    number, _, kind, by, editions, titles, undone = flask("log")[1].rstrip("\n").split("\t")
    assert (kind, by, editions, titles, undone) == ("join", "-", "2", "石头记 / 红楼梦", "")
    assert flask("undo", number) == (0, "undone\n")
    assert "undone 2" in flask("log")[1]


def test_books_are_joined_all_or_none_however_many_of_them_are_one_work_already(flask, two):
    third = book(title="石头记", authors=["曹雪芹"], language="zh")
    assert flask("join", *two, "nonsense") == (1, "there is no book nonsense\n")
    assert flask("log") == (0, "")

    assert flask("join", *two, third)[0] == 0
    assert len({Book.find_by_isbn(isbn).work_id for isbn in (*two, third)}) == 1


def test_an_operator_splits_an_edition_off(flask, two):
    flask("join", *two)

    code, said = flask("split", two[1])
    assert (code, said.startswith("split off: work ")) == (0, True)
    assert f"work {said.split()[-1]}, placed by: split" in flask("key", two[1])[1]


def test_a_number_may_be_written_as_on_the_book(flask, two):
    isbn = two[0]
    assert flask("key", f"{isbn[:3]}-{isbn[3:]}")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("join", "{0}", "{0}"), "they are editions of one work already"),
        (("join", "{0}", "nonsense"), "there is no book nonsense"),
        (("key", "9787536692930"), "there is no book 9787536692930"),
        (("split", "{0}"), "these are not some, but not all, of the editions of one work"),
        (("undo", "7"), "there is no such act"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(flask, two, arguments, said):
    assert flask(*(argument.format(*two) for argument in arguments)) == (1, said + "\n")


def test_an_act_is_not_undone_twice(flask, two):
    flask("join", *two)
    flask("undo", "1")

    assert flask("undo", "1") == (1, "this act has been undone already\n")


def test_one_book_alone_is_joined_to_nothing(flask, two):
    assert flask("join", two[0])[0] == 2
