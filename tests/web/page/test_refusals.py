"""Refusals and errors as JSON have one format."""

import pytest

from tests.exchange import exchange, reader
from tests.web.readers import logged_in

JSON = {"Accept": "application/json"}


@pytest.mark.usefixtures("app_context")
def test_a_program_gets_status_code_and_words(app):
    app.config["WTF_CSRF_ENABLED"] = False
    done = exchange("waiting")
    pressed = logged_in(app, done.asker).post(f"/drift/{done.drift}/accept", headers=JSON)
    assert (pressed.status_code, pressed.json["error"]["code"]) == (403, "not_your_move")
    assert set(pressed.json["error"]) == {"status", "code", "title", "advice"}
    missing = logged_in(app, reader()).get("/drift/999", headers=JSON)
    assert missing.json["error"]["code"] == "not_found"


def test_a_form_that_is_refused_names_its_fields(client):
    refused = client.get("/book/search", headers=JSON).json["error"]
    assert (refused["status"], refused["code"], [*refused["fields"]]) == (400, "bad_request", ["q"])
