"""Names of authors and translators as catalogues really write them."""

import pytest

from app.catalogues.text.cleaning import clean_names, people_of
from app.catalogues.text.name_lists import is_better
from app.catalogues.text.names import clean_person
from app.catalogues.text.roles import Role, role_of


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (["[清] 曹雪芹 著"], ("[清] 曹雪芹",)),
        (["[清]曹雪芹", "（清）高鹗 续"], ("[清] 曹雪芹", "[清] 高鹗")),
        (["（英）乔治·奥威尔"], ("[英] 乔治·奥威尔",)),
        (["（日）野岛刚"], ("[日] 野岛刚",)),
        (["【美】纳博科夫"], ("[美] 纳博科夫",)),
        (["〔英国〕狄更斯"], ("[英] 狄更斯",)),
        (["(清代)蒲松龄著"], ("[清] 蒲松龄",)),
        (["[法]加缪"], ("[法] 加缪",)),
        (["[哥伦比亚] 加西亚•马尔克斯"], ("[哥伦比亚] 加西亚·马尔克斯",)),
        (["(美)迈克尔.麦尔"], ("[美] 迈克尔·麦尔",)),
        (["[美] 裴士锋 (Stephen R.Platt)"], ("[美] 裴士锋",)),
        (["[美] 裴士锋 （ Stephen R.Platt ）"], ("[美] 裴士锋",)),
        (["[美] Chad Fowler"], ("[美] Chad Fowler",)),
        (["[英] 安·示例(Ann Example)著"], ("[英] 安·示例",)),
        (["（英）安·示例（Ann Example）原著"], ("[英] 安·示例",)),
        (["Ulmer, Wendy/ Knorr, Laura (ILT)"], ("Wendy Ulmer", "Laura Knorr")),
        ("曹雪芹，高鹗", ("曹雪芹", "高鹗")),
        ("曹雪芹, 高鹗", ("曹雪芹", "高鹗")),
        ("[清]曹雪芹、高鹗 著", ("[清] 曹雪芹", "高鹗")),
        ("曹雪芹 著 高鹗 续", ("曹雪芹", "高鹗")),
        ("Terry Pratchett; Neil Gaiman", ("Terry Pratchett", "Neil Gaiman")),
        ("Terry Pratchett, Neil Gaiman", ("Terry Pratchett", "Neil Gaiman")),
        ("Louis Sachar|Louis Sachar", ("Louis Sachar",)),
        ("【美】莫滕•T•汉森", ("[美] 莫滕·T·汉森",)),
        (["[英]J.R.R.托尔金 著", "[英] 艾伦·李 图"], ("[英] J.R.R. 托尔金", "[英] 艾伦·李")),
        ("[英] W·H·奥登", ("[英] W.H. 奥登",)),
        ("J. R. R. Tolkien", ("J.R.R. Tolkien",)),
        ("J.K.Rowling", ("J.K. Rowling",)),
        ("胡锦矗 校", ("胡锦矗",)),
        ("King, Stephen", ("Stephen King",)),
        ("Kurt Vonnegut, Jr.", ("Kurt Vonnegut, Jr.",)),
        ("Antoine de Saint-Exupéry", ("Antoine de Saint-Exupéry",)),
        ("张三 主编", ("张三",)),
        ("张三等编著", ("张三",)),
        ("李四 等", ("李四",)),
        ("作者：余华", ("余华",)),
        ("钱锺书", ("钱锺书",)),
        ("作家出版社", ()),
        ("新华书店北美网 加西亚·马尔克斯 著，新经典 出品", ("加西亚·马尔克斯",)),
        ([{"name": "Gabriel García Márquez", "url": "x"}], ("Gabriel García Márquez",)),
        (["Gabriel   García\tMárquez"], ("Gabriel García Márquez",)),
        ("", ()),
        ([], ()),
        ([""], ()),
        (["[英]", "()", "，", "著"], ("著",)),
        (None, ()),
        (5, ()),
        ([None, 5, ["x"], {"name": None}], ()),
    ],
)
def test_a_name_has_one_uniform_form(given, names):
    assert clean_names(given) == names


def test_cleaning_a_clean_name_changes_nothing():
    for name in ("[英] 乔治·奥威尔", "刘慈欣", "J.K. Rowling", "Antoine de Saint-Exupéry", "[清] 曹雪芹"):
        assert clean_names([name]) == (name,)


@pytest.mark.parametrize(
    ("authors", "translators", "people"),
    [
        (["[美] 卡勒德·胡赛尼 著", "李继宏 译"], [], (("[美] 卡勒德·胡赛尼",), ("李继宏",))),
        ("[法] 罗曼·罗兰著；傅雷译", None, (("[法] 罗曼·罗兰",), ("傅雷",))),
        (["Homer", "Robert Fagles (Translator)"], [], (("Homer",), ("Robert Fagles",))),
        (["加缪"], ["（中）柳鸣九 译", "柳鸣九"], (("加缪",), ("[中] 柳鸣九", "柳鸣九"))),
        (["加缪"], "", (("加缪",), ())),
    ],
)
def test_a_translator_among_the_authors_is_moved_to_the_translators(authors, translators, people):
    assert people_of(authors, translators) == people


def test_a_list_of_a_thousand_names_is_cut():
    assert len(clean_names([f"作者{n}号" for n in range(1000)])) == 100
    assert len(clean_names("长" * 5000)[0]) == 250


@pytest.mark.parametrize(
    ("given", "people"),
    [
        ("Le Guin, Ursula K.", (("Ursula K. Le Guin",), ())),
        ("Muster Beispiel, Anna M., 1927-2014", (("Anna M. Muster Beispiel",), ())),
        ("García Márquez, Gabriel, 1927-2014", (("Gabriel García Márquez",), ())),
        ("例安, Ken Sample", (("例安", "Ken Sample"), ())),
        ("Ken Sample, 例安", (("Ken Sample", "例安"), ())),
        ("Example, Ann, Ph.D.", (("Ann Example",), ())),
        ("Ann Example & Bo Sample", (("Ann Example", "Bo Sample"), ())),
        ("Ann Example and Bo Sample", (("Ann Example", "Bo Sample"), ())),
        ("Anne de Beaupré et Jean Exemple", (("Anne de Beaupré", "Jean Exemple"), ())),
        ("Johnson & Johnson", (("Johnson & Johnson",), ())),
        ("Lutz, Mark.", (("Mark Lutz",), ())),
        ("Voltaire.", (("Voltaire",), ())),
        ("Sample, B.", (("B. Sample",), ())),
        ("King, Martin Luther, Jr.", (("Martin Luther King, Jr.",), ())),
        ("Kurt Vonnegut, Jr., Bo Sample", (("Kurt Vonnegut, Jr.", "Bo Sample"), ())),
        ("Committee on Trade, Congress", (("Committee on Trade, Congress",), ())),
        ("Ann (Fellow, Some College Oxford; and Professor of Law) Bell", (("Ann Bell",), ())),
        ("edited by E. Example.", (("E. Example",), ())),
        ("[edited by] Estelle Muster.", (("Estelle Muster",), ())),
        ("[by] Ann Example ; translated by Bo Sample.", (("Ann Example",), ("Bo Sample",))),
        ("translated from the French by Bo Sample", ((), ("Bo Sample",))),
        ("Ana Muestra ; traducción de Luis Bravo.", (("Ana Muestra",), ("Luis Bravo",))),
        ("traduit de l'anglais par Jean Exemple", ((), ("Jean Exemple",))),
        ("aus dem Englischen von Hans Muster", ((), ("Hans Muster",))),
        ("Ann Example, Bo Sample (Translator)", (("Ann Example",), ("Bo Sample",))),
        ("Hans Muster (Übersetzer)", ((), ("Hans Muster",))),
        ("illustrated by Dee Proof", ((), ())),
        ("Кинг, Страуб", (("Кинг", "Страуб"), ())),
        ("Толстой, Лев Николаевич", (("Лев Николаевич Толстой",), ())),
        ("方平校", (("方平",), ())),
        ("李白著.", (("李白",), ())),
        ("李大伟译.", ((), ("李大伟",))),
        ("Sample, Bo, translator", ((), ("Bo Sample",))),
        ("Ann Example, Bo Sample, tr.", (("Ann Example",), ("Bo Sample",))),
        ("Sample, Bo, ed.", (("Bo Sample",), ())),
        ("King, Ed", (("Ed King",), ())),
        ("Bo Sample (trad.)", ((), ("Bo Sample",))),
        ("上海外国语学校", (("上海外国语学校",), ())),
        ("王小明/译注", ((), ("王小明",))),
        ("王小明 李大伟 译", ((), ("王小明", "李大伟"))),
        (["[荷兰] 甲乙丙", "[荷] 甲乙丙"], (("[荷] 甲乙丙",), ())),
        (["[美] 张三", "王小明（审校）"], (("[美] 张三",), ())),
    ],
)
def test_people_are_told_apart_from_dates_degrees_roles_and_each_other(given, people):
    assert people_of(given) == people


@pytest.mark.parametrize(
    ("entered", "name"),
    [
        ("Le Guin, Ursula K.,", "Ursula K. Le Guin"), ("García Muestra, Ana María.", "Ana María García Muestra"),
        ("Voltaire, 1694-1778.", "Voltaire"), ("Example, Ann, Jr.", "Ann Example, Jr."), ("张玲.", "张玲"),
        ("刘慈欣, 1963-", "刘慈欣"), ("Muster, Jörg, Dr.", "Jörg Muster"), ("Sample, B. C., 1950?-", "B.C. Sample"),
        ("Толстой, Лев", "Лев Толстой"),
    ],
)  # fmt: skip
def test_a_person_in_a_catalogue_is_one_person(entered, name):
    assert clean_person(entered) == name


@pytest.mark.parametrize(
    ("told", "role"),
    [
        ("trl", Role.TRANSLATOR), ("http://id.loc.gov/vocabulary/relators/trl", Role.TRANSLATOR),
        ("730", Role.TRANSLATOR), ("traductor", Role.TRANSLATOR), ("Übersetzer", Role.TRANSLATOR),
        ("traduction", Role.TRANSLATOR), ("переводчик", Role.TRANSLATOR), ("译", Role.TRANSLATOR),
        ("tłumacz", Role.TRANSLATOR), ("översättare", Role.TRANSLATOR), ("訳", Role.TRANSLATOR),
        ("autor.", Role.AUTHOR), ("Verfasser", Role.AUTHOR), ("auteur", Role.AUTHOR), ("автор", Role.AUTHOR),
        ("070", Role.AUTHOR), ("writer", Role.AUTHOR), ("illustrator", Role.OTHER), ("ill", Role.OTHER),
    ],
)  # fmt: skip
def test_a_role_is_known_by_its_code_its_address_and_its_word(told, role):
    assert role_of(told) is role


@pytest.mark.parametrize(
    ("new", "stored", "wins"),
    [
        (["Ursula K. Le Guin"], ["Le Guin", "Ursula K."], True),
        (["Le Guin", "Ursula K."], ["Ursula K. Le Guin"], False),
        (["Ann Example", "Bo Sample"], ["Ann Example"], True), (["Ann Example"], ["Ann Example", "Bo Sample"], False),
        (["Mark Lutz"], ["Mark. Lutz"], True), (["Ann Example"], ["Ann Example", "1927-2014"], True),
        (["Someone Else", "Another One"], ["Ann Example"], False),
        (["Ann Example"], ["edited by Ann Example"], True), (["[英] 甲", "乙"], ["[英] 甲"], False),
    ],
)  # fmt: skip
def test_of_two_lists_of_people_the_better_one_wins_and_not_the_longer(new, stored, wins):
    assert is_better(new, stored) is wins
