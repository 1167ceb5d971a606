import pytest

from app.rules.shelf.choosing import MOST_CANDIDATES, Candidate, Outcome, choose, may_be_by
from app.rules.shelf.row import Intent, ShelfRow

WISH, OWNED = Intent.WISH, Intent.PRIVATE


def row(intent=OWNED, **said):
    return ShelfRow(1, title="沼中灯", authors=("例安",), intent=intent, **said)


def edition(id, work=1, year=None, publisher="", **said):
    return Candidate(id, work, year, publisher, **{"has_cover": False, **said})


def chosen(row, *candidates):
    choice = choose(row, candidates)
    return choice.outcome, [candidate.book_id for candidate in choice.candidates]


CERTAIN, SEVERAL, NONE = Outcome.CERTAIN, Outcome.SEVERAL, Outcome.NONE


def test_without_a_candidate_a_row_names_nothing():
    assert chosen(row()) == (NONE, [])


def test_the_only_edition_is_meant_unless_the_row_says_otherwise():
    only = edition(7, year=2008, publisher="示例出版社")
    assert chosen(row(), only) == (CERTAIN, [7])
    assert chosen(row(year=2008, publisher="示例"), only) == (CERTAIN, [7])
    assert chosen(row(year=2014), only) == (SEVERAL, [7])
    assert chosen(row(publisher="别家书店"), only) == (SEVERAL, [7])


def test_an_owned_edition_is_known_by_its_year_and_publisher():
    editions = [edition(1, year=2008, publisher="甲社"), edition(2, year=2008, publisher="乙社"), edition(3, year=2014)]
    assert chosen(row(year=2014), *editions) == (CERTAIN, [3])
    assert chosen(row(year=2008, publisher="乙社"), *editions) == (CERTAIN, [2])
    assert chosen(row(year=2008), *editions) == (SEVERAL, [1, 2, 3])
    assert chosen(row(), *editions)[0] is SEVERAL


def test_a_wish_is_for_the_work_whichever_edition_stands_for_it():
    editions = [edition(1, year=2008), edition(2, year=2014, has_cover=True), edition(3, year=2020)]
    assert chosen(row(WISH), *editions) == (CERTAIN, [2])
    assert chosen(row(WISH, year=2020), *editions) == (CERTAIN, [3])
    assert chosen(row(WISH, year=1999, isbn="9787536692930"), *editions) == (CERTAIN, [2])


def test_editions_of_several_works_are_to_choose_from():
    both = [edition(1, work=1, year=2008, publisher="甲社"), edition(2, work=2, year=2009)]
    assert chosen(row(WISH), *both)[0] is SEVERAL
    assert chosen(row(year=2009), *both) == (SEVERAL, [2, 1])
    assert chosen(row(year=2008, publisher="甲社"), *both) == (CERTAIN, [1])


def test_a_number_that_is_not_known_is_of_another_edition():
    assert chosen(row(isbn="9787536692930"), edition(1)) == (SEVERAL, [1])


@pytest.mark.parametrize("intent", Intent)
def test_a_title_alone_is_never_certain(intent):
    assert chosen(row(intent, year=2008), edition(1, year=2008, by_title=True)) == (SEVERAL, [1])


def test_the_likeliest_come_first_and_no_more_than_can_be_looked_through():
    many = [edition(id, work=id, year=2000 + id) for id in range(1, 10)]
    outcome, ids = chosen(row(year=2003), *many)
    assert (outcome, ids) == (SEVERAL, [3, 9, 8, 7, 6])
    assert len(ids) == MOST_CANDIDATES


@pytest.mark.parametrize(
    ("ours", "theirs", "may_be"),
    [
        (("例安",), ("[英] 例安",), True),
        (("Example, Ann",), ("Ann Example", "Bo Sample"), True),
        ((), ("例安",), True),
        (("佚名",), ("例安",), True),
        (("Ann Example",), ("例安",), True),
        (("例安",), ("王小明",), False),
        (("Ann Example",), ("Bo Sample",), False),
    ],
)
def test_other_authors_in_the_same_script_are_of_another_book(ours, theirs, may_be):
    assert may_be_by(ours, theirs) is may_be
