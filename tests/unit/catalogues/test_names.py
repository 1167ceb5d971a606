"""Names of authors and translators as catalogues really write them."""

import pytest

from app.catalogues.cleaning import clean_names, people_of


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
