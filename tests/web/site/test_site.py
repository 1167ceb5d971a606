import struct

import pytest


def test_a_phone_can_keep_the_site_on_its_home_screen(client):
    manifest = client.get("/manifest.webmanifest")

    assert manifest.mimetype == "application/manifest+json"
    assert manifest.json["name"] == "Fisher 鱼书"
    for icon in manifest.json["icons"]:
        with client.get(icon["src"]) as answer:
            assert answer.status_code == 200
            assert answer.mimetype == icon["type"]
            if icon["type"] == "image/png":
                width, height = struct.unpack(">II", answer.data[16:24])
                assert f"{width}x{height}" == icon["sizes"]


def test_everything_the_head_of_a_page_names_is_there(client):
    page = client.get("/").page
    addresses = [
        tag.get("href") or tag.get("src") for tag in page.head.select("link[href]:not([rel=canonical]), [src]")
    ]

    assert len(addresses) >= 5
    for address in addresses:
        with client.get(address) as answer:
            assert answer.status_code == 200, address


@pytest.mark.parametrize(("path", "mimetype"), [("/favicon.ico", "image/png"), ("/robots.txt", "text/plain")])
def test_what_browsers_and_robots_ask_for_unasked_is_there(client, path, mimetype):
    with client.get(path) as answer:
        assert answer.status_code == 200
        assert answer.mimetype == mimetype


def test_a_password_manager_is_led_to_where_a_password_is_changed(client):
    answer = client.get("/.well-known/change-password")

    assert (answer.status_code, answer.location) == (302, "/change/password")
    assert (
        client.get("/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200").status_code == 404
    )


def test_robots_stay_out_of_the_search_pages(client):
    assert "Disallow: /book/search" in client.get("/robots.txt").text
    assert client.get("/book/search?q=x").page.select_one("meta[name=robots]")["content"] == "noindex"
