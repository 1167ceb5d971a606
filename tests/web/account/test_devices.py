from tests.conftest import PageResponse, Reader
from tests.factories import PASSWORD, UserFactory
from tests.web.forms import log_in, send

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
WECHAT = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Safari/604.1 MicroMessenger/8.0"


def device(app, agent):
    client = Reader(app, PageResponse)
    client.environ_base |= {"HTTP_USER_AGENT": agent, "HTTP_ACCEPT_LANGUAGE": "en"}
    log_in(client, "li@example.org", PASSWORD)
    return client


def test_a_reader_sees_the_devices_and_logs_the_others_out(app, app_context):
    UserFactory(email="li@example.org")
    here, there = device(app, FIREFOX), device(app, WECHAT)
    items = here.get("/personal/sessions").page.select(".device-list li")
    assert [len(item.select("time")) for item in items] == [2, 2]
    rows = [item.get_text(" ", strip=True) for item in items]
    assert "WeChat, iPhone" in rows[0]
    assert "this one" not in rows[0]
    assert "Firefox, Windows" in rows[1]
    assert "this one" in rows[1]

    send(here, "/personal/sessions/end", "/personal/sessions")
    assert there.get("/personal").status_code == 302
    page = here.get("/personal/sessions").page
    assert len(page.select(".device-list li")) == 1
    assert "All other devices are logged out." in page.main.get_text()


def test_a_device_of_another_reader_is_not_listed(reader, log_in, app_context):
    log_in(UserFactory().id)

    assert len(reader.get("/personal/sessions").page.select(".device-list li")) == 1


def test_a_device_without_a_name_is_called_unknown(app, app_context):
    UserFactory(email="li@example.org")

    assert "Unknown device" in device(app, "").get("/personal/sessions").page.main.get_text()
