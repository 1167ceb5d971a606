"""Traditional Chinese that is made from simplified: words of ours, and names of areas."""

import lzma

import pytest

from app.rules.book.normalise import normalise
from app.services.account.area_table import TABLE
from app.traditional import area_to_simplified, area_to_traditional, to_traditional

TWO_NAMES = {"哈萨克"}
"""A town that is called as a country is in Taiwan."""


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("%(num)d 天后删除，请回复“%(name)s”", "%(num)d 天後刪除，請回覆「%(name)s」"),
        ("没有回音的话，书在架子后面的里间", "沒有回音的話，書在架子後面的裡間"),
        ("只有一只干净的面包柜，系上绳子", "只有一隻乾淨的麵包櫃，繫上繩子"),
        ("注销账号不是退出登录", "刪除帳號不是登出"),
        ("Fisher <b>%(count)s</b> &amp; ISBN", "Fisher <b>%(count)s</b> &amp; ISBN"),
        ("已經是繁體字", "已經是繁體字"),
        ("", ""),
    ],
)
def test_a_text_is_written_as_in_taiwan(simplified, traditional):
    assert to_traditional(simplified) == traditional


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("中国 · 上海市 · 徐汇区", "中國 · 上海市 · 徐匯區"),
        ("意大利 · 罗马", "義大利 · 羅馬"),
        ("老挝", "寮國"),
        ("中国 · 江西省 · 上饶市 · 余干县", "中國 · 江西省 · 上饒市 · 餘干縣"),
        ("中国 · 新疆维吾尔自治区 · 阿勒泰地区 · 布尔津县", "中國 · 新疆維吾爾自治區 · 阿勒泰地區 · 布爾津縣"),
        ("西班牙 · 马德里", "西班牙 · 馬德里"),
        ("", ""),
    ],
)
def test_an_area_has_the_name_that_it_has_in_taiwan(stored, shown):
    assert area_to_traditional(stored) == shown


def test_every_area_is_found_by_its_traditional_name():
    lines = lzma.decompress(TABLE.read_bytes()).decode().splitlines()
    names = {zh or path.rpartition("/")[2] for path, zh, *_ in (line.split("\t") for line in lines)} - TWO_NAMES
    back = {name: normalise(area_to_simplified(area_to_traditional(name))) for name in names}

    assert len(names) > 30_000
    assert {name: found for name, found in back.items() if found != normalise(name)} == {}
