"""Other editions of a work: on the page of a book, and behind the address of the work."""

import pytest

from app.models.base import db
from app.models.book import Book
from app.models.user import User
from app.services.account.closing import erase_account
from app.web.book.work import PATH
from tests.exchange import book, copy_of, editions, reader
from tests.factories import BookFactory
from tests.web.forms import send, token

pytestmark = pytest.mark.usefixtures("app_context")


def links(page):
    return [link["href"] for link in page.select("#editions .trade-text a")]


def test_the_page_of_a_book_names_the_other_editions_those_to_be_had_first(client):
    first, second, english = editions()
    copy_of(reader(0), english)
    page = client.get(f"/book/{first}/detail").page

    assert links(page) == [f"/book/{english}/detail", f"/book/{second}/detail"]
    assert "1 available" in page.select_one("#editions li").text


def test_a_book_of_one_edition_has_no_list_of_others(client):
    assert not client.get(f"/book/{BookFactory().isbn}/detail").page.select("#editions")


def test_many_editions_are_folded(client):
    books = [BookFactory(work_key="OL7W", title="同一本书") for _ in range(12)]
    page = client.get(f"/book/{books[0].isbn}/detail").page

    assert len(links(page)) == 11
    assert len(page.select("#editions details .trade-text a")) == 5


def test_hidden_editions_are_not_named(client):
    first, second, english = editions()
    with db.auto_commit():
        Book.find_by_isbn(second).delete()

    assert links(client.get(f"/book/{first}/detail").page) == [f"/book/{english}/detail"]


def test_the_address_of_a_work_leads_to_its_best_edition(client):
    first, _, english = editions()
    work = Book.find_by_isbn(first).work_id
    assert client.get(f"{PATH}/{work}").location == f"/book/{english}/detail", "the reader's language"
    copy_of(reader(0), first)

    assert client.get(f"{PATH}/{work}").location == f"/book/{first}/detail", "what is to be had"


@pytest.mark.parametrize("id", ["999", "99999999999999999999", "x", "-1"])
def test_there_is_no_such_work(client, id):
    assert client.get(f"{PATH}/{id}").status_code == 404


@pytest.fixture
def operator(log_in):
    return log_in(reader(0, role="operator"))


def address(isbn):
    db.session.rollback()
    return f"{PATH}/{Book.find_by_isbn(isbn).work_id}/editions"


def flash(client, answer):
    assert answer.status_code == 303
    return client.get(answer.location).page.select_one(".flash").text.strip()


def test_anybody_sees_the_editions_of_a_work_and_only_operators_what_can_be_done(client, log_in, operator):
    numbers = editions()
    page = client.get(address(numbers[0])).page

    assert {link["href"] for link in page.select(".trade-text a")} == {f"/book/{isbn}/detail" for isbn in numbers}
    assert not page.select("main form")
    assert not log_in(reader(0)).get(address(numbers[0])).page.select("main form")
    assert len(operator.get(address(numbers[0])).page.select("main form")) == 2
    assert operator.get(f"/book/{numbers[0]}/detail").page.select(f'a[href="{address(numbers[0])}"]')


def test_an_operator_joins_a_work_to_this_one_and_undoes_it(client, operator):
    first, second = book(title="红楼梦"), book(title="石头记")
    here, there = address(first), address(second)
    said = send(operator, here, do="join", number=second)

    assert flash(operator, said) == "The two works are one now."
    assert client.get(there).location == here
    row = operator.get(here).page.select_one('[aria-labelledby="log"] li')
    assert "Joined: 2 editions" in row.text
    form = {box["name"]: box["value"] for box in row.select("input")}
    assert flash(operator, operator.post(here, data=form)) == "Undone."
    assert address(second) == there


def test_an_operator_makes_some_editions_a_work_of_their_own(operator):
    first, second, third = editions()
    here = address(first)
    answer = send(operator, here, do="split", edition=[second, third])

    assert flash(operator, answer) == "The chosen editions are a work of their own now."
    assert address(second) == address(third) != address(first) == here


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"do": "join", "number": "nonsense"}, "We have no book with the number nonsense."),
        ({"do": "join", "number": ""}, "Please enter an ISBN."),
        ({"do": "split", "edition": "9" * 9000}, f"We have no book with the number {'9' * 40}."),
        ({"do": "split"}, "Choose some of the editions, but not all: the others stay."),
    ],
)
def test_a_refused_decision_says_why_on_the_same_page(operator, fields, said):
    here = address(editions()[0])
    answer = operator.post(here, data={"csrf_token": token(operator, here), **fields}, headers={"Referer": here})

    assert said in answer.get_data(as_text=True) or said == flash(operator, answer)


@pytest.mark.parametrize("fields", [{}, {"do": "delete"}, {"do": "undo"}, {"do": "undo", "act": "9" * 30}])
def test_a_form_that_no_page_has_changes_nothing(operator, fields):
    assert send(operator, address(editions()[0]), **fields).status_code in (400, 404)


def test_there_are_no_editions_of_a_work_that_does_not_exist(client, operator):
    for id in (999, 2**63):
        assert client.get(f"{PATH}/{id}/editions").status_code == 404
    assert send(operator, f"{PATH}/999/editions", page=address(book()), do="join").status_code == 404


def test_the_log_says_who_decided_even_when_the_reader_has_left(operator, log_in):
    first, second = book(title="红楼梦"), book(title="石头记")
    here, other = address(first), log_in(reader(0, role="operator"))
    send(other, here, do="join", number=second)
    row = '[aria-labelledby="log"] li'
    name = operator.get(here).page.select_one(f"{row} a").text
    assert name == db.session.get(User, other.user_id).nickname
    with db.auto_commit():
        erase_account(db.session.get(User, other.user_id))

    text = operator.get(here).page.select_one(row).text
    assert "a reader who has left" in text
    assert name not in text
