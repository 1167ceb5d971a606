import json

import pytest

from app.models.area import Area
from app.models.base import DELETED, db
from app.models.user import User
from app.services.account.closing import erase_account
from tests.factories import PASSWORD, AreaFactory, BookFactory
from tests.web.forms import send

SHANGHAI, XUHUI, CAMBRIDGE = "CN/上海市/上海市", "CN/上海市/上海市/徐汇区", "GB/ENG/Cambridge"
PROFILE = {"nickname": "老王", "locale": "en", "time_zone": "UTC"}


@pytest.fixture(autouse=True)
def areas(app_context):
    city = {"name_zh": "中国 · 上海市", "name_en": "Shanghai, China", "sought": " shanghai 上海市 china 中国"}
    AreaFactory(path=SHANGHAI, weight=25, **city)
    AreaFactory()
    for state, weight in (("", 18), (" Mass", 17)):
        name, words = f"Cambridge{state}", " cambridge 剑桥 united kingdom 英国"
        AreaFactory(path=CAMBRIDGE + state, name_zh=f"英国 · 剑桥{state}", name_en=name, sought=words, weight=weight)


def area_of(reader):
    db.session.rollback()
    return db.session.get_one(User, reader.user_id).area


def choose(reader, **fields):
    return send(reader, "/personal/area", page="/personal/settings", **fields)


def suggested(client, text):
    return [one["text"] for one in client.get("/areas", query_string={"q": text}).json["suggestions"]]


@pytest.mark.parametrize("text", ["shanghai", "上海", "SHANG hai", "shang hai", "上海市", "china shanghai"])
def test_areas_are_found_by_the_beginnings_of_their_names_the_larger_first(client, text):
    assert suggested(client, text) == ["Shanghai, China", "Xuhui District, Shanghai, China"]


@pytest.mark.parametrize("text", ["徐匯", "xuhui", "xu hui", "xuhui, shanghai", "中国 · 上海市 · 徐汇区"])
def test_a_district_is_found_in_either_script_and_in_pinyin(client, text):
    assert suggested(client, text) == ["Xuhui District, Shanghai, China"]


@pytest.mark.parametrize(
    "text", ["", " ", "%", "_", "hanghai", "x" * 5000, "\x00", "'; drop table area", "😀", "a " * 900]
)
def test_any_other_text_finds_nothing(client, text):
    assert suggested(client, text) == []


def test_names_are_in_the_language_of_the_reader(client):
    answer = client.get("/areas?q=xuhui", headers={"Accept-Language": "zh"})

    assert answer.json == {"suggestions": [{"text": "中国 · 上海市 · 徐汇区"}]}


def test_a_name_in_traditional_chinese_is_shown_and_understood(reader):
    AreaFactory(path="IT", name_zh="意大利", name_en="Italy", sought=" italy 意大利", weight=9)
    assert suggested(reader, "義大利") == ["Italy"]

    for locale in ("zh_Hant", "en"):
        send(reader, "/personal/settings", **PROFILE | {"locale": locale, "area_name": "義大利"})
        assert area_of(reader) == "IT"
        shown = reader.get("/personal/settings").page.select_one("[name=area_name]")["value"]
        assert shown == {"zh_Hant": "義大利", "en": "Italy"}[locale]


@pytest.mark.parametrize("text", ["Xuhui District, Shanghai, China", "中国 · 上海市 · 徐汇区", "xuhui", "徐汇"])
def test_a_reader_chooses_an_area_among_the_settings(reader, text):
    assert send(reader, "/personal/settings", **PROFILE, area_name=text).location == "/personal/settings"
    assert area_of(reader) == XUHUI
    assert reader.get("/personal/settings").page.select_one("#area_name")["value"] == "Xuhui District, Shanghai, China"


def test_a_name_of_several_areas_leads_to_a_list_to_choose_from(reader):
    answer = send(reader, "/personal/settings", **PROFILE, area_name="剑桥")
    page = reader.get(answer.location).page

    assert area_of(reader) is None
    assert [li.span.get_text() for li in page.select("main ul li")] == ["Cambridge", "Cambridge Mass"]
    chosen = choose(reader, area=CAMBRIDGE, next="/personal")
    assert (chosen.status_code, chosen.location, area_of(reader)) == (303, "/personal", CAMBRIDGE)


def test_of_several_hits_the_one_whose_whole_name_was_typed_is_meant(reader):
    send(reader, "/personal/settings", **PROFILE, area_name="cambridge")

    assert area_of(reader) == CAMBRIDGE


def test_an_area_is_removed_by_emptying_the_field_or_by_a_button(reader):
    for address, fields in (("/personal/settings", PROFILE | {"area_name": ""}), ("/personal/area", {"area": ""})):
        send(reader, "/personal/settings", **PROFILE, area_name="xuhui")
        assert area_of(reader) == XUHUI
        send(reader, address, **fields)
        assert area_of(reader) is None


def test_settings_sent_without_the_field_leave_the_area(reader):
    send(reader, "/personal/settings", **PROFILE, area_name="xuhui")
    send(reader, "/personal/settings", **PROFILE)

    assert area_of(reader) == XUHUI


def test_an_area_that_is_no_longer_offered_is_kept_until_it_is_changed(reader):
    send(reader, "/personal/settings", **PROFILE, area_name="xuhui")
    with db.auto_commit():
        db.session.query(Area).filter_by(path=XUHUI).update({"status": DELETED})
    name = reader.get("/personal/settings").page.select_one("#area_name")["value"]
    send(reader, "/personal/settings", **PROFILE, area_name=name)

    assert area_of(reader) == XUHUI
    assert suggested(reader, "xuhui") == []


@pytest.mark.parametrize("path", ["CN", "CN/上海市", "x" * 3000, "%", "cn/上海市/上海市"])
def test_only_areas_of_the_table_can_be_chosen(reader, path):
    assert choose(reader, area=path).status_code == 404
    assert area_of(reader) is None


def test_the_way_back_leads_to_no_other_site(reader):
    assert choose(reader, area=XUHUI, next="//evil.example").location == "/"
    assert not reader.get("/personal/area?next=//evil.example").page.select('main [href*="evil"], main [value*="evil"]')


def test_a_reader_without_an_area_may_name_it_with_a_copy(reader):
    book = BookFactory()
    address, page = f"/gifts/book/{book.isbn}", f"/book/{book.isbn}/detail"
    assert reader.get(page).page.select_one(f'form[action="{address}"] [name=area_name]')
    assert send(reader, address, page=page, condition="good", ways="post", area_name="剑桥").location.startswith(
        "/personal/area?q="
    )
    assert send(reader, address, page=page, condition="good", ways="post", area_name="徐汇").location == page
    assert area_of(reader) == XUHUI
    assert not reader.get(page).page.select_one("[name=area_name]")


def test_the_area_is_in_the_export_and_goes_with_the_account(reader, app_context):
    send(reader, "/personal/settings", **PROFILE, area_name="徐汇")
    document = json.loads(send(reader, "/personal/export", password=PASSWORD).text)
    assert document["account"]["area"] == XUHUI

    erase_account(db.session.get_one(User, reader.user_id))
    gone = db.session.get_one(User, reader.user_id, execution_options={"include_deleted": True})
    assert gone.area is None


def test_nobody_else_sees_the_area(reader, client):
    send(reader, "/personal/settings", **PROFILE, area_name="徐汇")
    profile = client.get(f"/user/{reader.user_id}").text

    assert not any(word in profile for word in ("徐汇", "Xuhui", "上海", "Shanghai"))
