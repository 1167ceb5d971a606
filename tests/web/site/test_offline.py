"""What the site gives a phone for when there is no network."""

import json
import re

import pytest

from tests.exchange import book, copy_of, reader
from tests.web.readers import logged_in

pytestmark = pytest.mark.usefixtures("app_context")


def site_of(client):
    answer = client.get("/sw.js")
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    return json.loads(re.match(r"const site=(\{.*\});\n", answer.text)[1])


def test_the_service_worker_names_files_and_pages_that_are_there(client):
    site = site_of(client)

    assert site["offline"] == {
        "zh": "/offline?lang=zh",
        "zh_Hant": "/offline?lang=zh_Hant",
        "en": "/offline?lang=en",
    }
    for path in [*site["files"], *site["offline"].values()]:
        with client.get(path) as answer:
            assert answer.status_code == 200, path


def test_the_service_worker_is_asked_for_again_and_is_the_same_until_a_release(client):
    first = client.get("/sw.js")
    again = client.get("/sw.js", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "no-cache"
    assert again.status_code == 304
    assert "Set-Cookie" not in first.headers


@pytest.mark.parametrize(
    ("language", "title"),
    [("zh", "没有网络"), ("zh_Hant", "沒有網路"), ("en", "You’re offline"), ("x" * 5_000, "")],
)
def test_the_page_without_a_network_names_nobody_and_asks_for_nothing(app, client, language, title):
    for shown in (client, logged_in(app, reader(0, nickname="沈行远"))):
        page = shown.get(f"/offline?lang={language}").page

        assert page.h1.get_text(strip=True) in ([title] if title else ["没有网络", "You’re offline"])
        assert "沈行远" not in page.get_text()
        assert page.select("form, nav") == []


def test_the_pages_of_each_reader_have_a_mark_of_their_own_and_others_have_none(app, client):
    readers = [reader(0), reader(0)]
    copy_of(readers[0], isbn := book())
    marks = []
    for id in readers:
        seen = logged_in(app, id)
        answers = [seen.get(path) for path in ("/", "/my/gifts", f"/book/{isbn}/detail", "/personal/settings")]
        [mark] = {answer.headers["Fisher-Reader"] for answer in answers}
        marks.append(mark)
        assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}
        assert "/offline." in answers[0].text

    assert re.fullmatch(r"en-[0-9a-f]{16}", marks[0])
    assert marks[0] != marks[1]
    for path in ("/", f"/book/{isbn}/detail", "/login", "/no/such/page"):
        answer = client.get(path)
        assert "Fisher-Reader" not in answer.headers
        assert "/offline." not in answer.text


def test_a_reader_who_logs_out_has_no_mark_any_more(app):
    client = logged_in(app, reader(0))
    token = client.get("/language").page.find("input", attrs={"name": "csrf_token"})["value"]
    client.post("/logout", data={"csrf_token": token})

    assert "Fisher-Reader" not in client.get("/").headers
