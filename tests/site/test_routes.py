"""By list, every route is public, needs a log-in or needs a role; every change is a POST."""

import pytest

from tests.site.pages import ALL_PAGES, ALL_POSTS, BY_ROLE, LOGIN, PUBLIC

# Values for the placeholders of URLs.
VALUES = {
    "scope": "any_edition",
    "isbn": "9787536692930",
    "filename": "style.css",
    "token": "x",
    "gid": 1,
    "cid": 1,
    "wid": 1,
    "did": 1,
    "aid": 1,
    "pid": 1,
    "id": 1,
    "kind": "message",
    "mark": "22222222",
    "copy": 1,
    "year": 2026,
    "name": "about",
    "author": "x",
    "part": 1,
    "slug": "circle-1",
    "deed": "let-in",
    "act": "show",
}


def address(app, rule):
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, {name: VALUES[name] for name in rule.arguments})


def test_every_endpoint_is_on_exactly_one_list(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}

    assert sorted([*PUBLIC, *LOGIN, *BY_ROLE]) == sorted(endpoints)


def test_every_page_is_looked_at(app):
    matched = {
        endpoint: {app.url_map.bind("localhost").match(path.split("?")[0])[0] for path in paths}
        for endpoint, paths in ALL_PAGES.items()
    }
    assert matched == {endpoint: {endpoint} for endpoint in matched}


def test_a_change_is_a_post_and_never_a_get(app, client):
    posts = [rule for rule in app.url_map.iter_rules() if rule.endpoint in ALL_POSTS and "POST" in rule.methods]
    gets = {rule.rule for rule in app.url_map.iter_rules() if "GET" in rule.methods}

    assert {rule.endpoint for rule in posts} == ALL_POSTS
    for rule in posts:
        if rule.rule not in gets:
            answer = client.get(address(app, rule))
            assert (answer.status_code, set(answer.headers["Allow"].split(", "))) == (405, {"OPTIONS", "POST"})


def test_a_page_that_only_shows_takes_no_post(app, client):
    posts = {rule.rule for rule in app.url_map.iter_rules() if "POST" in rule.methods}
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC and rule.rule not in posts:
            assert client.post(address(app, rule)).status_code == 405, rule


@pytest.mark.parametrize("endpoint", sorted(ALL_POSTS))
def test_a_post_without_the_token_is_refused(app, client, endpoint):
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint and "POST" in rule.methods)

    assert client.post(address(app, rule)).status_code == 400


@pytest.mark.parametrize("endpoint", sorted(LOGIN | set(BY_ROLE)))
def test_a_visitor_is_led_to_the_log_in(app, client, endpoint):
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
    if "GET" in rule.methods:
        answer = client.get(address(app, rule))
    else:
        token = client.get("/login").page.find("input", {"name": "csrf_token"})["value"]
        answer = client.post(address(app, rule), data={"csrf_token": token})

    assert answer.status_code == 302
    assert answer.location.startswith("/login?next=")
