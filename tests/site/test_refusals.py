"""Every refusal has its words, in both languages."""

import dataclasses
import itertools
import re

import pytest

from app.rules.account.refusals import AccountRefusal
from app.rules.refusal import Refusal
from app.web.page.refusals import words_of

HAN = re.compile(r"[\u3400-\u9fff]")
EXAMPLES = {"int": [2, 0], "bool": [False, True], "str": ["open"], "str | None": ["waiting"]}


def every_kind_of(refusal=Refusal):
    for kind in refusal.__subclasses__():
        yield from [kind] if kind.__module__.startswith("app.") and kind is not AccountRefusal else []
        yield from every_kind_of(kind)


KINDS = sorted(set(every_kind_of()), key=lambda kind: kind.__name__)


def every_form_of(kind):
    """Yield the refusal with all kinds of facts, because some facts choose another sentence."""
    facts = dataclasses.fields(kind) if dataclasses.is_dataclass(kind) else ()
    for values in itertools.product(*(EXAMPLES[fact.type] for fact in facts)):
        yield kind(*values)


def words_of_each(app, kind, language):
    with app.test_request_context(headers={"Accept-Language": language}):
        return [[*filter(None, words_of(one))] for one in every_form_of(kind)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_refusal_has_its_words_in_both_languages(app, kind):
    english, chinese = words_of_each(app, kind, "en"), words_of_each(app, kind, "zh")

    assert all(english)
    assert [len(words) for words in english] == [len(words) for words in chinese]
    assert all(words and not HAN.search(words) for words in itertools.chain(*english))
    assert all(HAN.search(words) for words in itertools.chain(*chinese))


def test_a_refusal_of_the_exchange_is_forbidden_or_a_conflict():
    others = "app.rules.account", "app.rules.shelf"  # what is wrong in a form or a file is a 400
    kinds = [kind for kind in KINDS if not kind.__module__.startswith(others)]

    assert len(kinds) > 20
    assert {kind.status for kind in kinds} == {403, 409}


def test_each_refusal_has_a_code_of_its_own():
    codes = [kind.code for kind in KINDS]
    assert len(set(codes)) == len(codes)
    assert "not_enough_beans" in codes
