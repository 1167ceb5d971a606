"""What titles and names are made of."""

import pytest

from app.rules.book.people import person_of
from app.rules.book.title_parts import take_apart
from app.rules.book.volumes import number_of
from app.rules.book.work_key import names_an_edition


@pytest.mark.parametrize(
    ("written", "family"),
    [
        ("[哥伦比亚] 加西亚·马尔克斯", "马尔克斯"),
        ("乔治·R. R. 马丁", "马丁"),
        ("J.K.罗琳", "罗琳"),
        ("萧伯纳(英)", "萧伯纳"),
        ("村上 春树", "村上春树"),
        ("[清] 曹雪芹 高鹗", "曹雪芹"),
        ("作者：刘慈欣 著", "刘慈欣"),
        ("王爽 等编著", "王爽"),
        ("小仲马", "小仲马"),
        ("Le Guin, Ursula K.", "guin"),
        ("Ursula K. Le Guin", "guin"),
        ("García Márquez, Gabriel, 1927-2014", "marquez"),
        ("Robert DeMaria Jr.", "demaria"),
        ("Lawrence Salkind Ph.D.", "salkind"),
        ("Толстой Лев Николаевич", "толстои"),
        ("Daron Acemoglu and James A. Robinson", "acemoglu"),
        ("Anonymous", ""),
        ("佚名", ""),
        ("  ", ""),
    ],
)
def test_authors_are_compared_by_the_family_name_of_the_first(written, family):
    assert person_of(written).family == family


@pytest.mark.parametrize(
    ("written", "volume"),
    [
        ("三体 第二部", "2"),
        ("三体（二）", "2"),
        ("史记·卷十二", "12"),
        ("清明上河图密码 2", "2"),
        ("我的团长（上部）", "上"),
        ("昆虫记（全10册）", "set10"),
        ("昆虫记（全十册）", "set10"),
        ("全集（1-3卷）", "set1-3"),
        ("Sandman, Vol. IV", "4"),
        ("Cher: Part Two", "2"),
        ("Берсерк. Книга 3", "3"),
        ("Дюна. Книга вторая", "2"),
        ("식객 2권", "2"),
        ("ノルウェイの森 下巻", "下"),
        ("第七天", ""),
        ("我的第一本书", ""),
        ("上下五千年", ""),
        ("天下", ""),
        ("Nineteen Eighty-Four", ""),
    ],
)
def test_volumes_are_read_in_any_spelling(written, volume):
    assert take_apart(written).volume == volume


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("二十一", "21"),
        ("一百零二", "102"),
        ("廿五", "25"),
        ("一九八四", "1984"),
        ("xiv", "14"),
        ("07", "7"),
        ("1.50", "1.50"),
    ],
)
def test_numbers_are_read_in_any_spelling(written, number):
    assert number_of(written) == number


@pytest.mark.parametrize(
    "title",
    ["高等数学 第7版", "高等数学（第七版）", "现代汉语词典（修订版）", "Calculus, 2nd ed.",
     "Calculus: Revised Edition", "Physik, 3. Auflage", "Biology Twelfth Edition", "Химия, 2-е издание"],
)  # fmt: skip
def test_a_title_may_name_an_edition(title):
    assert names_an_edition(title, "")


@pytest.mark.parametrize(
    "title", ["三体", "三体（第二部）", "围城（精装）", "Dune (50th Anniversary)", "First Edition Crime", "Wikinomics"]
)
def test_most_titles_name_none(title):
    assert not names_an_edition(title, "")
