import csv
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.book.work_key import LONGEST_KEY, Edition, KeyKind, names_an_edition, work_keys

ENGLISH, GERMAN, CHINESE = "9780441172719", "9783453317178", "9787000000000"
PAIRS = Path(__file__).with_name("work_pairs.csv")
SECONDS = 10  # a pattern that goes back over a long title takes minutes


def edition(title, author="路遥", **said):
    said = {"authors": [author] if author else []} | said
    blank = dict.fromkeys(Edition._fields, "")
    return Edition(**blank | {"title": title, "isbn": CHINESE, "number": CHINESE} | said)


def english(title, author="Ann Lee", **said):
    return edition(title, author, **{"isbn": ENGLISH, **said})


def are_one(first, second):
    keys = {*work_keys(first)} & {*work_keys(second)}
    return any(key.kind != KeyKind.EDITION for key in keys)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (edition("平凡的世界"), edition("平凡的世界 第3版")),
        (edition("平凡的世界（全三册）"), edition("平凡的世界(全3册)")),
        (edition("浪潮之巅（套装上下册）"), edition("浪潮之巅（第四版）（上下册）")),
        (edition("活着", "余华"), edition("活着（精装）", "余华 著")),
        (edition("百年孤独", "[哥伦比亚] 加西亚·马尔克斯"), edition("百年孤獨", "馬爾克斯")),
        (edition("谈艺录", "钱锺书"), edition("談藝錄", "錢鐘書")),
        (edition("三体II：黑暗森林", "刘慈欣"), edition("三体2：黑暗森林", "刘慈欣")),
        (edition("三体（第二部）", "刘慈欣"), edition("三體 Ⅱ", "劉慈欣")),
        (edition("三体", "刘慈欣", series="三体", series_number="2"), edition("三体2", "刘慈欣")),
        (edition("月亮与六便士", "毛姆"), edition("月亮和六便士", "[英] 毛姆")),
        (edition("人类的群星闪耀时", "茨威格"), edition("人类群星闪耀时", "斯蒂芬・茨威格")),
        (edition("八十天环游地球", "儒勒·凡尔纳"), edition("80天环游地球", "（法）儒勒・凡尔纳")),
        (edition("安妮日记", "安妮·弗兰克"), edition("安妮日记（作家榜经典文库）", "安妮.弗兰克")),
        (edition("杰克·韦尔奇自传", "杰克·韦尔奇"), edition("杰克·韦尔奇自传", "[美]杰克·韦尔奇")),
        (english("Dune", "Frank Herbert"), english("Dune (Dune #1)", "Herbert, Frank")),
        (english("Dune", "Frank Herbert"), edition("Dune", "Frank Herbert", language="zh")),
        (english("Dune", "Frank Herbert"), edition("Dune", "Frank Herbert", isbn="9784150000004", language="ja")),
        (english("Kill Shot", "Vince Flynn"), english("Kill Shot (Mitch Rapp, #2)", "Vince Flynn")),
        (english("Fallen Fortress", "R. A. Salvatore"),
         english("The Fallen Fortress (Cleric Quintet, Book 4)", "R.A. Salvatore")),
        (english("Little Women"), english("LITTLE WOMEN : LITTLE WOMEN")),
        (english("Here on Earth"), english("Here on Earth (Oprah's Book Club (Hardcover))")),
        (english("Intimacy: A Novel", "Hanif Kureishi"), english("INTIMACY", "Hanif Kureishi")),
        (english("Frankenstein"), english("Frankenstein: Or, the Modern Prometheus (Signet Classics)")),
        (english("The Beauty Myth"),
         english("The Beauty Myth", subtitle="How Images of Beauty Are Used Against Women")),
        (english("Perfect Spy, A"), english("A Perfect Spy: Movie Tie-In Edition")),
        (english("Algebra, 2nd ed."), english("Algebra: Third Revised Edition")),
        (english("Kane & Abel"), english("Kane and Abel")),
        (english("Fullmetal Alchemist Vol. 9"), english("Fullmetal Alchemist, Volume IX")),
        (english("Ｄｒａｃｕｌａ"), english("dracula")),
        (english("The Body Artist", "Sandra Brown"), english("The Body Artist", "Brown, S.")),
        (edition("Война и мир", "Лев Толстой"), edition("Война и мир (роман)", "Толстой Лев Николаевич")),
        (edition("Дюна. Книга вторая", "Герберт"), edition("Дюна. Том 2", "Герберт")),
        (edition("Хлеб (тв)", "Чарльз Буковски"), edition("Хлеб. Роман", "Чарльз Буковски")),
        (edition("群山回唱", "[美] 卡勒德·胡赛尼", original_title="And the Mountains Echoed"),
         edition("遠山的回音", "卡勒德·胡賽尼", original_title="And the mountains echoed")),
        (edition("甲", "", openlibrary_key="OL1W"), english("Beta", "", openlibrary_key="OL1W")),
    ],
)  # fmt: skip
def test_these_are_one_work(first, second):
    assert are_one(first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (edition("平凡的世界"), edition("平凡的世界", "厚夫")),
        (edition("平凡的世界", ""), edition("平凡的世界", "")),
        (edition("平凡的世界", "佚名"), edition("平凡的世界", "佚名")),
        (edition("平凡的世界（第一部）"), edition("平凡的世界（第二部）")),
        (edition("平凡的世界（上）"), edition("平凡的世界（下）")),
        (edition("平凡的世界 上册"), edition("平凡的世界 下册")),
        (edition("平凡的世界（全三册）"), edition("平凡的世界（第一部）")),
        (edition("平凡的世界（全三册）"), edition("平凡的世界")),
        (edition("窗边的小豆豆（套装共9册）"), edition("窗边的小豆豆")),
        (edition("绾青丝Ⅳ（下）"), edition("绾青丝Ⅳ（上）")),
        (edition("小说第一卷第二册"), edition("小说第二卷第一册")),
        (edition("明朝那些事儿（陆）"), edition("明朝那些事儿（柒）")),
        (edition("三体II：黑暗森林", "刘慈欣"), edition("三体III：死神永生", "刘慈欣")),
        (edition("三体", "刘慈欣", series="三体", series_number="2"), edition("三体", "刘慈欣")),
        (edition("计算机程序设计艺术（第3卷 英文版）"), edition("计算机程序设计艺术（第2卷 英文版）")),
        (english("Sandman (Vol. 2)", "Neil Gaiman"), english("Sandman (Vol. 3)", "Neil Gaiman")),
        (english("Heartstopper: Volume One"), english("Heartstopper: Volume Two")),
        (english("Narnia (Narnia, #1-7)"), english("Narnia")),
        (english("Narnia Boxed Set"), english("Narnia")),
        (edition("对谈：甲", "乙方"), edition("对谈：乙", "乙方")),
        (edition("对谈", "乙方"), edition("对谈：乙", "乙方")),
        (edition("Чужой", "Алан Фостер"), edition("Чужой. Завет", "Алан Фостер")),
        (edition("Гостья", "Стефани Майер"), edition("Гостья. Рассказы", "Стефани Майер")),
        (english("Algorithms in C", "Robert Sedgewick"), english("Algorithms in C++", "Robert Sedgewick")),
        (english("Black Widow: Homecoming"), english("Black Widow: The Things They Say About Her")),
        (english("Brokeback Mountain"), english("Brokeback Mountain: Story to Screenplay")),
        (english("Black Beauty (Puffin Classics)"), english("Black Beauty (Illustrated Classics)")),
        (english("Hamlet"), english("Hamlet (No Fear Shakespeare)")),
        (english("Twilight"), english("Twilight: The Graphic Novel")),
        (english("Naruto 1"), english("Naruto 2")),
        (english("The Unlikely Ones", "Mary Brown"), english("The Unlikely Ones", "Sam Brown")),
        (edition("诗集", "海子"), edition("诗集", "海子")),
        (edition("鲁迅文集", "鲁迅"), edition("鲁迅文集", "鲁迅")),
        (english("Collected Works"), english("Collected Works")),
        (english("Untitled"), english("Untitled")),
        (english("Selected Poems of Lee"), english("Selected Poems of Lee")),
        (edition("Избранное", "Чехов"), edition("Избранное", "Чехов")),
        (edition("家", "巴金"), edition("家", "巴金")),
        (english("It", "Stephen King"), english("It", "Stephen King")),
        (edition("活着", "列夫·余华"), edition("活着", "安·余华")),
        (edition("血薇", "沧月（原著）/李堃（编绘）"), edition("血薇", "沧月")),
        (english("Dune", "Frank Herbert"), edition("Dune", "Frank Herbert", isbn=GERMAN)),
        (edition("Candide", "Voltaire", isbn=None, language="fre"),
         edition("Candide", "Voltaire", isbn=None, language="eng")),
        (edition("", "路遥"), edition("", "路遥")),
        (edition("三体", openlibrary_key="OL1W"), edition("三体（第二部）", openlibrary_key="OL1W")),
        (edition("三体（全三册）", openlibrary_key="OL1W"), edition("三体（第二部）", openlibrary_key="OL1W")),
    ],
)  # fmt: skip
def test_these_are_not(first, second):
    assert not are_one(first, second)


def test_an_edition_without_a_telling_title_has_a_key_of_its_own():
    assert work_keys(edition("诗集")) == ((KeyKind.EDITION, CHINESE),)


def test_a_key_can_be_read():
    assert work_keys(edition("三体II", "刘慈欣 著")) == ((KeyKind.TITLE, "三体|刘慈欣|zh|2"),)


def test_the_strongest_key_comes_first():
    keys = work_keys(english("Echo", openlibrary_key="OL1W", original_title="Das Echo"))

    assert [key.kind for key in keys] == [KeyKind.OPENLIBRARY, KeyKind.ORIGINAL, KeyKind.TITLE]


def test_of_the_labelled_pairs_none_is_joined_wrongly_and_six_in_seven_are_found():
    with PAIRS.open(encoding="utf-8", newline="") as lines:
        pairs = list(csv.DictReader(lines))
    joined = {"same": [], "not": []}
    for row in pairs:
        of_pair = [
            edition(row[f"{of}title"], isbn=row[f"{of}isbn"], subtitle=row[f"{of}subtitle"], authors=names)
            for of in ("", "other_")
            for names in [[name for name in row[f"{of}authors"].split("|") if name]]
        ]
        joined[row["label"]].append(are_one(*of_pair))

    assert (any(joined["not"]), len(joined["not"]) >= 100, len(joined["same"]) >= 100) == (False, True, True)
    assert sum(joined["same"]) / len(joined["same"]) > 6 / 7


TEXTS = st.text(max_size=60) | st.text("三体一二上下第卷册部全（）()[]#.,:：-—·1290 aiIvVxX著编的", max_size=60)
EDITIONS = st.builds(
    Edition,
    isbn=st.none() | st.just(ENGLISH) | st.text(max_size=13),
    title=TEXTS,
    subtitle=TEXTS,
    authors=st.lists(TEXTS, max_size=3),
    language=st.text(max_size=5),
    original_title=TEXTS,
    series=TEXTS,
    series_number=TEXTS,
    openlibrary_key=st.text(max_size=12),
    number=st.text(max_size=400),
)


@given(EDITIONS)
def test_any_edition_has_keys_of_bounded_length(made):
    keys = work_keys(made)

    assert keys
    assert all(len(key.text) <= LONGEST_KEY for key in keys)


TRADITIONAL = str.maketrans("体书国爱马龙门梦云电话说这龟", "體書國愛馬龍門夢雲電話說這龜")
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}


@given(st.text("体书国爱马龙门梦云电话说这龟第一二卷（）aBc12 :", max_size=30), st.text("马龙云·[英] ", max_size=12))
def test_a_key_is_the_same_in_traditional_characters_in_capitals_and_in_full_width(title, author):
    key = work_keys(edition(title, author))

    assert work_keys(edition(title.translate(TRADITIONAL), author.translate(TRADITIONAL))) == key
    assert work_keys(edition(title.upper(), author)) == key
    assert work_keys(edition(title.translate(WIDE), author)) == key


@pytest.mark.parametrize(
    "piece",
    [
        "(",
        "（",
        "[a",
        "第",
        "一",
        "第一卷",
        "1-",
        "vol. ",
        "a ",
        "上下",
        "revised, ",
        "· ",
        "ed ",
        ":",
        "#1 ",
        "全",
        "’",
        "и ",
    ],
)
def test_a_huge_title_or_name_costs_no_time(piece):
    huge = piece * (100_000 // len(piece))
    started = time.perf_counter()
    for title, author in ((huge, "路遥"), (huge[:500], "路遥"), (huge[:499] + "x", "路遥"), ("三体传", huge)):
        work_keys(edition(title, author, original_title=title, series=title, series_number="1"))
        names_an_edition(title, title)

    assert time.perf_counter() - started < SECONDS
