import pytest

from app.rules.book.work_key import Edition, KeyKind, work_keys

ENGLISH, GERMAN = "9780441172719", "9783453317178"


def edition(title, author="路遥", **said):
    said = {"authors": [author] if author else []} | said
    blank = dict.fromkeys(Edition._fields, "")
    return Edition(**blank | {"title": title, "isbn": "9787000000000", "number": "9787000000000"} | said)


def are_one(first, second):
    keys = {*work_keys(first)} & {*work_keys(second)}
    return any(key.kind != KeyKind.EDITION for key in keys)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (edition("平凡的世界"), edition("平凡的世界（普及本）第3版".replace("（普及本）", ""))),
        (edition("平凡的世界（全三册）"), edition("平凡的世界(全3册)".replace("3", "三"))),
        (edition("活着", "余华"), edition("活着（精装）", "余华 著")),
        (edition("百年孤独", "[哥伦比亚] 加西亚·马尔克斯"), edition("百年孤獨", "馬爾克斯")),
        (edition("谈艺录", "钱锺书"), edition("談藝錄", "錢鐘書")),
        (edition("三体II：黑暗森林", "刘慈欣"), edition("三体2：黑暗森林", "刘慈欣")),
        (edition("Dune", "Frank Herbert", isbn=ENGLISH), edition("Dune (Dune #1)", "Herbert, Frank", isbn=ENGLISH)),
        (edition("Intimacy: A Novel", "Hanif Kureishi"), edition("INTIMACY", "Hanif Kureishi")),
        (edition("Война и мир", "Лев Толстой"), edition("Война и мир (роман)", "Толстой Лев Николаевич")),
        (edition("群山回唱", "[美] 卡勒德·胡赛尼", original_title="And the Mountains Echoed"),
         edition("遠山的回音", "卡勒德·胡賽尼", original_title="And the mountains echoed")),
    ],
)  # fmt: skip
def test_these_are_one_work(first, second):
    assert are_one(first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (edition("平凡的世界"), edition("平凡的世界", "厚夫")),
        (edition("平凡的世界", ""), edition("平凡的世界", "")),
        (edition("平凡的世界（第一部）"), edition("平凡的世界（第二部）")),
        (edition("平凡的世界（上）"), edition("平凡的世界（下）")),
        (edition("平凡的世界（全三册）"), edition("平凡的世界（第一部）")),
        (edition("平凡的世界（全三册）"), edition("平凡的世界")),
        (edition("三体II：黑暗森林", "刘慈欣"), edition("三体III：死神永生", "刘慈欣")),
        (edition("Sandman (Vol. 2)", "Neil Gaiman"), edition("Sandman (Vol. 3)", "Neil Gaiman")),
        (edition("对谈：甲", "乙方"), edition("对谈：乙", "乙方")),
        (edition("Algorithms in C", "Robert Sedgewick"), edition("Algorithms in C++", "Robert Sedgewick")),
        (edition("诗集", "海子"), edition("诗集", "海子")),
        (edition("Collected Works", "Ann Lee"), edition("Collected Works", "Ann Lee")),
        (edition("家", "巴金"), edition("家", "巴金")),
        (edition("Dune", "Frank Herbert", isbn=ENGLISH), edition("Dune", "Frank Herbert", isbn=GERMAN)),
        (edition("", "路遥"), edition("", "路遥")),
        (edition("三体", openlibrary_key="OL1W"), edition("三体（第二部）", openlibrary_key="OL1W")),
    ],
)  # fmt: skip
def test_these_are_not(first, second):
    assert not are_one(first, second)


def test_an_edition_without_a_telling_title_has_a_key_of_its_own():
    assert work_keys(edition("诗集")) == ((KeyKind.EDITION, "9787000000000"),)
