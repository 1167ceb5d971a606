"""One GET against everything that a server may do."""

import logging
import socket

import pytest

from app.catalogues.api import addresses
from app.catalogues.api.answers import read_json, retry_after
from app.catalogues.api.transport import Answer, Transport
from app.catalogues.base import AnswerMalformed, CatalogueError, CatalogueLimited, CatalogueOutOfOrder
from tests.stand_in import (
    StandIn,
    answer,
    break_off,
    close,
    drip_body,
    drip_head,
    hang,
    redirect,
    routes,
)
from tests.timing import shortest

AGENT = "Fisher/test (reader@example.org)"


SHORT, PATIENT = 0.8, 60.0


def ask(server, seconds=PATIENT, path="/x", **options):
    return read_json(Transport(AGENT, **options).get(server.url + path, seconds, params={"apikey": "SECRETKEY"}))


def resolve_to(monkeypatch, table):
    """Let names lead to these addresses, whatever the name servers of this machine say."""
    real = socket.getaddrinfo

    def getaddrinfo(host, port, *args, **options):
        return [entry for ip in table.get(host, [host]) for entry in real(ip, port, *args, **options)]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (hang, CatalogueOutOfOrder),
        (drip_head, CatalogueOutOfOrder),
        (drip_body, CatalogueOutOfOrder),
        (close, CatalogueOutOfOrder),
        (break_off, CatalogueOutOfOrder),
        (answer("oops", 500), CatalogueOutOfOrder),
        (answer({"a": 1}, 503, Retry_After="7"), CatalogueOutOfOrder),
        (answer({}, 429), CatalogueLimited),
        (answer({}, 401), CatalogueOutOfOrder),
        (answer("<html>hello</html>", content_type="text/html"), AnswerMalformed),
        (answer('{"a": 1}', content_type="text/html; charset=utf-8"), AnswerMalformed),
        (answer("{'a': None}", content_type="text/plain"), AnswerMalformed),
        (answer(""), AnswerMalformed),
        (answer(b"\xff\xfe\x00"), AnswerMalformed),
        (answer("9" * 10_000), AnswerMalformed),
        (answer("[" * 100_000), AnswerMalformed),
        (answer('{"a":' * 100_000), AnswerMalformed),
        (answer(b'"' + b"x" * 3_000_000 + b'"'), AnswerMalformed),
        (answer(b"not gzip", Content_Encoding="gzip"), AnswerMalformed),
        (redirect("http://127.0.0.1:9/elsewhere"), AnswerMalformed),
        (redirect("http://localhost/"), AnswerMalformed),
        (redirect("file:///etc/passwd"), AnswerMalformed),
        (redirect("http://[bad"), AnswerMalformed),
        (redirect("/x"), AnswerMalformed),
        (lambda call: call.send(b"nonsense\r\n\r\n") or close(call), CatalogueOutOfOrder),
    ],
)
def test_a_bad_answer_is_an_error_of_its_class_within_the_time_given(behaviour, error):
    seconds = SHORT if behaviour in {hang, drip_head, drip_body} else PATIENT

    def fail():
        with pytest.raises(CatalogueError) as raised:
            ask(server, seconds)
        assert type(raised.value) is error
        assert "SECRETKEY" not in raised.value.reason
        assert "127.0.0.1" not in raised.value.reason

    with StandIn(behaviour) as server:
        assert shortest(fail, seconds + 0.5) < seconds + 0.5


def test_a_refused_connection_is_tried_twice_and_then_out_of_order():
    tries = []

    def count(call):
        tries.append(call)
        close(call)

    with StandIn(count) as server, pytest.raises(CatalogueOutOfOrder):
        ask(server)
    assert len(tries) == 2


def test_an_answer_of_500_is_not_asked_for_again():
    with StandIn(answer("oops", 500)) as server:
        with pytest.raises(CatalogueOutOfOrder):
            ask(server)
        assert len(server.calls) == 1


def test_a_redirect_on_the_same_host_is_followed():
    table = {"/x": redirect("/y?z=1"), "/y": answer({"ok": True})}
    with StandIn(routes(table)) as server:
        assert ask(server) == {"ok": True}
        assert server.calls[1].params == {"z": "1"}


def test_a_listed_host_that_leads_to_a_private_address_is_not_connected_to(monkeypatch):
    with StandIn(answer({"ok": True})) as inside:
        with StandIn(redirect(f"http://books.example.org:{inside.port}/")) as server:
            resolve_to(monkeypatch, {"books.example.org": ["127.0.0.1"]})
            with pytest.raises(CatalogueOutOfOrder):
                ask(server, hosts=[f"books.example.org:{inside.port}"])
        assert inside.connections == 0


def test_a_redirect_with_a_name_and_a_password_is_not_followed():
    with StandIn(answer({"ok": True})) as server:
        server.behave = redirect(server.url.replace("://", "://name:password@") + "/y")
        with pytest.raises(AnswerMalformed):
            ask(server)
        assert len(server.calls) == 1


def test_no_proxy_stands_between_us_and_an_address_that_has_to_be_public(monkeypatch):
    with StandIn(answer({"ok": True})) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        resolve_to(monkeypatch, {"books.example.org": ["127.0.0.1"]})
        with pytest.raises(CatalogueOutOfOrder):
            Transport(AGENT, public=True).get("http://books.example.org/", SHORT)
        assert proxy.connections == 0


def test_a_listed_host_is_followed_without_our_headers(monkeypatch):
    monkeypatch.setattr(addresses, "is_public", lambda address: True)
    with StandIn(answer({"ok": True})) as other, StandIn(redirect(f"{other.url}/y")) as server:
        transport = Transport(AGENT, [other.host])
        transport.get(
            server.url + "/x", PATIENT, params={"apikey": "SECRETKEY"}, headers={"X-Goog-Api-Key": "SECRETKEY"}
        )
        assert server.calls[0].headers["x-goog-api-key"] == "SECRETKEY"
        assert "x-goog-api-key" not in other.calls[0].headers
        assert other.calls[0].params == {}


def test_connections_are_kept_and_cookies_are_not():
    with StandIn(answer({}, Set_Cookie="a=b; Path=/")) as server:
        transport = Transport(AGENT)
        for _ in range(3):
            transport.get(server.url + "/x", PATIENT)
        assert len(server.calls) == 3
        assert server.connections == 1
        assert "cookie" not in server.calls[2].headers


def test_the_http_library_logs_no_address_with_a_key(caplog):
    caplog.set_level(logging.DEBUG)
    with StandIn(answer({}, Broken_Header="\x00")) as server:
        ask(server)
    assert "SECRETKEY" not in caplog.text


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30),
        ("0", 1),
        ("99999999999999999", 86_400),
        ("Thu, 01 Jan 1970 00:01:30 GMT", 80),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 1),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("٣", None),
    ],
)
def test_retry_after_is_a_number_or_a_date_between_a_second_and_a_day(header, seconds):
    assert retry_after(Answer(429, {"Retry-After": header}, b""), now=lambda: 10.0) == seconds


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_only_addresses_of_the_open_internet_are_public(address, public):
    assert addresses.is_public(address) is public


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch):
    resolve_to(monkeypatch, {"books.example.org": ["93.184.216.34", "10.0.0.1"]})
    with pytest.raises(addresses.AddressRefused):
        addresses.public_address("books.example.org", 80)


@pytest.mark.parametrize(
    ("address", "listed"),
    [
        ("https://books.google.com/x", True),
        ("https://BOOKS.google.com/x", True),
        ("https://img3.doubanio.com/x", True),
        ("http://127.0.0.1:8080/x", True),
        ("https://doubanio.com/x", False),
        ("https://evildoubanio.com/x", False),
        ("https://books.google.com.evil.org/x", False),
        ("https://books.google.com:8443/x", False),
        ("https://books.google.com@evil.org/x", False),
        ("https://user@books.google.com/x", False),
        ("ftp://books.google.com/x", False),
        ("https://books.google.com:99999/x", False),
        ("//books.google.com/x", False),
        ("", False),
        ("http://127.0.0.1\\.doubanio.com/x.jpg", False),
        ("http://elsewhere.example\\@img1.doubanio.com/x.jpg", False),
    ],
)
def test_a_host_is_on_the_list_or_not(address, listed):
    assert addresses.is_listed(address, ["books.google.com", "*.doubanio.com", "127.0.0.1:8080"]) is listed
