"""Which editions grant a wish."""

from types import SimpleNamespace

import pytest

from app.rules.exchange.wish_scope import WishScope, default_scope, is_covered


def edition(id, work_id=1, language="zh"):
    return SimpleNamespace(id=id, work_id=work_id, language=language)


EDITION, LANGUAGE, ANY = WishScope.THIS_EDITION, WishScope.THIS_LANGUAGE, WishScope.ANY_EDITION


@pytest.mark.parametrize(
    ("other", "scopes"),
    [
        (edition(1), {EDITION, LANGUAGE, ANY}),
        (edition(2), {LANGUAGE, ANY}),
        (edition(2, language="en"), {ANY}),
        (edition(2, language=""), {LANGUAGE, ANY}),
        (edition(2, work_id=2), set()),
        (edition(2, work_id=2, language=""), set()),
    ],
)
def test_a_wish_covers_editions_of_its_work_by_its_scope(other, scopes):
    assert {scope for scope in WishScope if is_covered(scope, edition(1), other)} == scopes
    assert {scope for scope in WishScope if is_covered(scope, other, edition(1))} == scopes


@pytest.mark.parametrize(
    ("title", "subtitle", "scope"),
    [
        ("平凡的世界", "", LANGUAGE),
        ("Dune", "A Novel", LANGUAGE),
        ("内科学（第7版）", "", EDITION),
        ("Introduction to Algorithms", "2nd ed.", EDITION),
        ("Calculus, Third Edition", "", EDITION),
    ],
)
def test_a_title_that_names_an_edition_is_wished_for_as_that_edition(title, subtitle, scope):
    assert default_scope(title, subtitle) == scope
