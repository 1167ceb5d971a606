import pytest

from app.rules import names
from app.rules.account import PasswordTooEasy, ensure_password_is_hard


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
    [("小王", " 小王 "), ("Ｗａｎｇ", "wang"), ("ＷＡＮＧ", "Wang"), ("a  b", "a b"), ("Zoe\u0308", "Zoë")],
)
def test_spellings_of_one_nickname_are_the_same(one, other):
    assert names.fold_nickname(names.tidy_nickname(one)) == names.fold_nickname(names.tidy_nickname(other))


def test_letters_that_differ_by_an_accent_are_different_names():
    assert names.fold_nickname("Zoë") != names.fold_nickname("Zoe")


@pytest.mark.parametrize("nickname", ["小王", "a-b", "O'Neil", "读者_7", "ﾊﾅ", "7"])
def test_a_nickname_is_made_of_letters_and_digits(nickname):
    assert names.is_nickname(nickname)


@pytest.mark.parametrize(
    "nickname", ["", " ", "--", "a\x00b", "a\nb", "<b>", "a@b", "a:b", "😀", "\u202eabc", "a\u200bb", "\u0301a"]
)
def test_signs_that_hide_or_deceive_are_no_nickname(nickname):
    assert not names.is_nickname(nickname)


@pytest.mark.parametrize("nickname", ["Admin", "ＦＩＳＨＥＲ", "鱼书", "管理员"])
def test_nobody_passes_for_the_site(nickname):
    assert names.is_reserved(nickname)


def test_an_address_is_the_same_in_any_case():
    assert names.fold_email("Wang+Fish@Example.ORG ") == "wang+fish@example.org"
