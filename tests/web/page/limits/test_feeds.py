"""Guessing the secret addresses of feeds."""

from app.models.base import db
from app.models.user import User
from app.services.feed.address import find_token, renew_feed
from tests.web.page.limits.visitors import EMAIL, visitor


def test_guesses_are_counted_by_network_address_and_what_is_there_is_not(app):
    with app.app_context():
        reader = User.find_by_email(EMAIL)
        renew_feed(reader.id)
        path = f"/feed/mine/{find_token(db.session.get_one(User, reader.id))}"
    app.config.update(FEED_RATE_LIMIT="2 per hour")
    service, guesser = visitor(app), visitor(app, "203.0.113.9")

    assert {service.get(f"{path}{kind}").status_code for kind in (".atom", ".ics") for _ in range(3)} == {200}
    assert [guesser.get(f"/feed/mine/1-{n}.ics").status_code for n in range(3)] == [404, 404, 429]
    assert guesser.get(f"{path}.atom").status_code == 429
    assert service.get(f"{path}.atom").status_code == 200
