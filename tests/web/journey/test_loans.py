"""The stations of books that are lent."""

import pytest
from sqlalchemy import select

from app.models.base import db, now
from app.models.journey import IN_ORDER, Station
from app.models.user import User
from app.services.correction.undo import undo_step
from app.services.exchange import lending
from tests.exchange import exchange, make_certain
from tests.web.journey.test_journey import SHANGHAI, copy_from, marked, stations_on
from tests.web.readers import logged_in, press, text_of

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.mark.parametrize("consent", [{}, {"shows_area": "y", "shows_name": "y"}])
def test_a_loan_is_a_station_of_its_borrower_who_says_what_it_tells(app, client, consent):
    done = exchange("mailed", now(), lend_days=30)
    with db.auto_commit():
        db.session.get_one(User, done.asker).set_attrs({"area": SHANGHAI, "nickname": "借书的人"})
    mark, mine = marked(copy_from(done.gift)), logged_in(app, done.asker)
    form = mine.get("/pending").page.select_one(f"form[action$='/drift/{done.drift}/received']")
    fields = {field["name"] for field in form.select("input")}
    assert fields == {"csrf_token", "shows_area", "shows_name"}
    assert press(mine, f"/drift/{done.drift}/received", data=consent).status_code == 303
    assert stations_on(client, mark) == [], "told before it is certain"
    undo_step(done.asker, done.drift, now())
    assert db.session.scalars(select(Station)).all() == []

    press(mine, f"/drift/{done.drift}/received", data=consent)
    make_certain(done.drift, now())
    first, borrowed = stations_on(client, mark)
    assert ("借书的人" in borrowed) == bool(consent)
    told = db.session.scalars(select(Station.area).where(Station.reader_id == done.asker)).all()
    assert told == ["CN/上海市/上海市" if consent else None]
    assert "You got it in" in text_of(mine.get("/my/journeys"))
    assert "Yours since" in text_of(logged_in(app, done.giver).get("/my/journeys"))
    lending.confirm_returned(done.giver, done.drift, now())
    make_certain(done.drift, now())
    assert stations_on(client, mark) == [first, borrowed]


def test_a_borrowed_book_that_is_kept_is_one_station():
    done = exchange("kept", now(), lend_days=30)
    assert db.session.scalars(select(Station.reader_id).order_by(*IN_ORDER)).all() == [done.giver, done.asker]
