"""Queries for the starter books, and the book that must be among the first three hits."""

import pytest

QUERIES = {
    # whole titles
    "三体": "三体",
    "活着": "活着",
    "围城": "围城",
    "解忧杂货店": "解忧杂货店",
    "挪威的森林": "挪威的森林",
    "霍乱时期的爱情": "霍乱时期的爱情",
    "三体Ⅱ：黑暗森林": "三体Ⅱ：黑暗森林",
    "《三体》": "三体",
    "《红楼梦》": "红楼梦",
    "The Hobbit": "The Hobbit",
    "To Kill a Mockingbird": "To Kill a Mockingbird",
    "The Lion, the Witch, and the Wardrobe": "The Lion, the Witch, and the Wardrobe",
    "Les Misérables": "Les Misérables",
    "les miserables": "Les Misérables",
    "Harry Potter and the Half-Blood Prince": "Harry Potter and the Half-Blood Prince",
    # a title with its punctuation left out
    "三体死神永生": "三体Ⅲ：死神永生",
    "python编程从入门到实践": "Python编程：从入门到实践",
    "沙丘2沙丘救世主": "沙丘2：沙丘救世主",
    # two characters out of it
    "红楼": "红楼梦",
    "杂货": "解忧杂货店",
    "森林": "挪威的森林",
    "风筝": "追风筝的人",
    "简史": "人类简史",
    "夜行": "白夜行",
    "孤独": "百年孤独",
    "历十": "万历十五年",
    # traditional spelling
    "三體": "三体",
    "紅樓夢": "红楼梦",
    "圍城": "围城",
    "活著": "活着",
    "追風箏的人": "追风筝的人",
    "百年孤獨": "百年孤独",
    "時間簡史": "时间简史",
    "萬曆十五年": "万历十五年",
    # pinyin, whole and in part, with spaces, of authors
    "santi": "三体",
    "san ti": "三体",
    "huozhe": "活着",
    "weicheng": "围城",
    "hongloumeng": "红楼梦",
    "heiansenlin": "三体Ⅱ：黑暗森林",
    "bainiangudu": "百年孤独",
    "xiaowangzi": "小王子",
    "liucixin": "三体",
    "yuhua": "活着",
    "baiyexin": "白夜行",
    # initials
    "hlm": "红楼梦",
    "bngd": "百年孤独",
    "wlswn": "万历十五年",
    "jyzhd": "解忧杂货店",
    "xwz": "小王子",
    # one wrong letter or character
    "hungr games": "The Hunger Games",
    "hary potter": "Harry Potter and the Sorcerer's Stone",
    "great gatsbi": "The Great Gatsby",
    "catcher in the rhye": "The Catcher in the Rye",
    "pride and predjudice": "Pride and Prejudice",
    "wuthering hights": "Wuthering Heights",
    "tolkein": "The Hobbit",
    "mockinbgird": "To Kill a Mockingbird",
    "divergnet": "Divergent",
    "三替": "三体",
    "百年孤读": "百年孤独",
    "追风争的人": "追风筝的人",
    "解优杂货店": "解忧杂货店",
    # apostrophes and joined words
    "ender's game": "Ender's Game",
    "enders game": "Ender's Game",
    "ender’s game": "Ender's Game",
    "miss peregrine's home": "Miss Peregrine’s Home for Peculiar Children",
    "charlottes web": "Charlotte's Web",
    "my sister's keeper": "My Sister's IndexWorker",
    "halfblood prince": "Harry Potter and the Half-Blood Prince",
    "jrr tolkien": "The Hobbit",
    "J.K. Rowling": "Harry Potter and the Sorcerer's Stone",
    "l'engle": "A Wrinkle in Time",
    # function words
    "and then there were none": "And Then There Were None",
    "of mice and men": "Of Mice and Men",
    "into the wild": "Into the Wild",
    "a walk to": "A Walk to Remember",
    # numbers
    "1984": "1984",
    "１９８４": "1984",
    "catch 22": "Catch-22",
    "catch-22": "Catch-22",
    "9787536692930": "三体",
    "7-5366-9293-5": "三体",
    "97875366929": "三体",
    # authors, and author and title together
    "刘慈欣": "三体",
    "东野圭吾": "解忧杂货店",
    "乔治奥威尔": "1984",
    "乔治·奥威尔": "1984",
    "刘慈欣 三体": "三体",
    "三体 刘慈欣": "三体",
    "余华活着": "活着",
    "1984 orwell": "1984",
    "orwell animal": "Animal Farm",
    "herbert dune": "Dune",
    "john green stars": "The Fault in Our Stars",
    # mixed scripts, last word not finished
    "java编程": "Java编程思想（第4版）",
    "嫌疑人x": "嫌疑人X的献身",
    "mongodb权威": "MongoDB权威指南（第2版）",
    "the hung": "The Hunger Games",
    "great gat": "The Great Gatsby",
    "frankens": "Frankenstein",
}


def test_the_expected_book_is_among_the_first_three(starter_library):
    assert len(QUERIES) >= 80
    with starter_library.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM book").scalar() >= 200
    misses = {}
    for query, title in QUERIES.items():
        found = starter_library.search(query)[:3]
        if title not in found:
            misses[query] = f"wanted {title}, found {found}"

    assert len(misses) <= 0.05 * len(QUERIES), misses


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("三体", "三体"),
        ("三體", "三体"),
        ("santi", "三体"),
        ("hungr games", "The Hunger Games"),
        ("9787536692930", "三体"),
        ("7-5366-9293-2", "三体"),
        ("刘慈欣", "三体"),
    ],
)
def test_the_best_known_questions_have_their_book_first(starter_library, query, title):
    assert starter_library.search(query)[0] == title


def test_initials_have_their_book_in_the_first_ten(starter_library):
    assert "三体" in starter_library.search("st")[:10]


def test_a_corrected_word_is_said(starter_library):
    answer = starter_library.index.search("hungr games")

    assert answer.suggestion == "hunger games"
    assert starter_library.index.search("hunger games").suggestion is None
    assert starter_library.index.search("三替").suggestion == "三体"


def test_every_title_finds_its_own_book_first(starter_library):
    from tests.search.conftest import starter_rows

    titles = [row["title"] for row in starter_rows()]
    misses = [title for title in titles if title.strip() not in [t.strip() for t in starter_library.search(title)[:1]]]

    assert misses == []
