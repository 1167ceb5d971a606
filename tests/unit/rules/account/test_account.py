import pytest

from app.rules.account import names
from app.rules.account.password import PASSWORD_LENGTH, ensure_password_is_hard
from app.rules.account.refusals import PasswordTooEasy


@pytest.mark.parametrize(
    "password", ["12345678", "password", "Password1", "qwertyui", "aaaaaaaaaa", "iloveyou", "zhangwei88", "a" * 128]
)
def test_passwords_that_are_tried_first_are_refused(password):
    with pytest.raises(PasswordTooEasy):
        ensure_password_is_hard(password, "zhangwei88")


@pytest.mark.parametrize("password", ["correct horse battery", "三体黑暗森林死神永生", "xK9#mq2L", "wo ai du shu 2026"])
def test_a_few_words_in_any_script_are_welcome(password):
    ensure_password_is_hard(password, "zhangwei88", "zhang@example.org")


def test_a_password_made_of_the_name_or_the_address_is_refused():
    for password in ("liuxiaobo", "liuxiaobo@example.org", "LiuXiaoBo"):
        with pytest.raises(PasswordTooEasy):
            ensure_password_is_hard(password, "老刘", "liuxiaobo@example.org")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("小王", " 小王 "),
        ("Ｗａｎｇ", "wang"),
        ("ＷＡＮＧ", "Wang"),
        ("a  b", "a b"),
        ("Zoe\u0308", "Zoë"),
        ("pv3", "pv3\ufe0f"),
        ("小王", "小\u200b王"),
        ("Paul", "P\u0430ul"),
        ("Ivan", "lvan"),
        ("BOB", "\u0412\u041e\u0412"),
        ("NICK", "\u039dick"),
        ("Sam", "Sarn"),
        ("工人", "\u30a8人"),
        ("读者10", "读者lO"),
        ("Вася", "ВАСЯ"),
    ],
)
def test_spellings_of_one_nickname_are_the_same(one, other):
    assert names.fold_nickname(names.tidy_nickname(one)) == names.fold_nickname(names.tidy_nickname(other))


def test_letters_that_differ_by_an_accent_are_different_names():
    assert names.fold_nickname("Zoë") != names.fold_nickname("Zoe")


@pytest.mark.parametrize(("one", "other"), [("Nick", "Vick"), ("小王", "小玉"), ("读者1", "读者2"), ("Ольга", "Олег")])
def test_names_that_do_not_look_alike_are_different(one, other):
    assert names.fold_nickname(one) != names.fold_nickname(other)


def test_what_nobody_sees_is_not_part_of_a_nickname():
    assert names.tidy_nickname("pv3\ufe0f\u3164 \u200b小\U000e0041王\u115f") == "pv3 小王"
    assert names.tidy_nickname("\u3164\uffa0") == names.tidy_nickname(None) == ""


@pytest.mark.parametrize("nickname", ["小王", "a-b", "O'Neil", "读者_7", "ﾊﾅ", "7", "नी7"])
def test_a_nickname_is_made_of_letters_and_digits(nickname):
    assert names.is_nickname(nickname)


@pytest.mark.parametrize(
    "nickname", ["", " ", "--", "a\x00b", "a\nb", "<b>", "a@b", "a:b", "😀", "\u202eabc", "a\u200bb", "\u0301a"]
)
def test_signs_that_hide_or_deceive_are_no_nickname(nickname):
    assert not names.is_nickname(nickname)


@pytest.mark.parametrize(
    "nickname", ["Admin", "ＦＩＳＨＥＲ", "鱼书", "管理员", "官方", "Fisher 鱼书", "管理员1", "鱼书小助手01"]
)
def test_nobody_passes_for_the_site(nickname):
    assert names.is_reserved(nickname)


@pytest.mark.parametrize(
    "nickname", ["F\u0456sher", "F-i-s-h-e-r", "F-1-s-h-e-r", "Fishér", "r00t", "adm1n", "supp0rt", "\u0430dmin 7"]
)
def test_nobody_looks_like_the_site(nickname):
    assert names.is_reserved(nickname)


@pytest.mark.parametrize("nickname", ["Site Admin", "小王admin", "鱼书客服小李", "Fisher Team"])
def test_nobody_passes_for_somebody_who_works_for_the_site(nickname):
    assert names.is_reserved(nickname)


@pytest.mark.parametrize(
    "nickname", ["Carrie Fisher", "小鱼书房", "badminton", "生态系统", "Joan Root", "1984", "Systema"]
)
def test_a_word_of_the_site_inside_another_name_is_anybodys(nickname):
    assert not names.is_reserved(nickname)


@pytest.mark.parametrize("nickname", ["evil.com 领奖", "www.例子.中国", "a-b.org", "evil\ua4f8com", "\u2488com"])
def test_an_address_is_no_nickname(nickname):
    assert names.has_address(nickname)


@pytest.mark.parametrize("nickname", ["J. K. Rowling", "a b.c", "v1.25", "小王."])
def test_a_dot_makes_no_address(nickname):
    assert not names.has_address(nickname)


def test_at_most_two_marks_follow_each_other():
    assert names.piles_marks(names.tidy_nickname("a\u0316\u0317\u0318"))
    assert not any(names.piles_marks(name) for name in ("Nguyễn", "นี้", "नमस्ते", "b\u0316\u0317b\u0318"))


@pytest.mark.parametrize(("letter", "fitting"), [("a", 92), ("m", 46), ("\ufdfa", 5)])
def test_a_nickname_leaves_room_for_a_number_behind_what_it_looks_like(letter, fitting):
    assert not names.is_too_long(letter * fitting)
    assert names.is_too_long(letter * (fitting + 1))


def test_letters_without_a_name_belong_to_no_alphabet():
    assert not names.mixes_alphabets("Wang\U00017000")


def test_letters_of_alphabets_that_look_alike_are_not_mixed():
    assert all(names.mixes_alphabets(name) for name in ("P\u0430ul", "ke\u03bdin", "\uff30\u0430ul"))
    assert not any(names.mixes_alphabets(name) for name in ("Ольга-7", "α星人", "小王Wang", "ゆきYuki", "Ольга 奥"))


def test_the_lengths_of_names_addresses_and_passwords_are_the_promised_ones():
    assert (names.NICKNAME_LENGTH, names.EMAIL_LENGTH, PASSWORD_LENGTH) == ((2, 24), 254, (8, 128))


def test_an_address_is_the_same_in_any_case():
    assert names.fold_email("Wang+Fish@Example.ORG ") == "wang+fish@example.org"


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("Li+books@Example.org", "li@example.org"),
        ("li+a+b@example.org", "li@example.org"),
        ("li@example.org", "li@example.org"),
        ("+li@example.org", "+li@example.org"),
    ],
)
def test_addresses_with_a_tag_are_one_mailbox(address, mailbox):
    assert names.mailbox_of(address) == mailbox
