"""What is said about an exchange that has ended: how, to whom, in which way, and what became of the copy."""

import pytest

from app.models.drift import DriftSummary
from app.rules.exchange.drift import CopyState, DriftState, Role, Way
from app.rules.exchange.steps import STEPS
from app.services.exchange.my_drifts import DriftRow, PastStep
from app.web.display.drift_words import drift_sentence

ENDS = {
    ("waiting", "asker"): (
        "The giver did not answer in time. Your bean came back.",
        "赠书人没有按时回复。鱼豆已退还给你。",
    ),
    ("waiting", "giver"): (
        "You did not answer in time, and your copy was hidden.",
        "你没有按时回复，你的书已暂时隐藏。",
    ),
    ("accepted", "asker", "post"): (
        "The giver did not mail it in time. Your bean came back.",
        "赠书人没有按时寄出。鱼豆已退还给你。",
    ),
    ("accepted", "giver", "post"): (
        "You did not mail it in time, and your copy was hidden.",
        "你没有按时寄出，你的书已暂时隐藏。",
    ),
    ("accepted", "asker", "meet"): (
        "You did not meet in time. Your bean came back.",
        "你们没有按时见面。鱼豆已退还给你。",
    ),
    ("accepted", "giver", "meet"): (
        "You did not meet in time, and your copy is on the shelf again.",
        "你们没有按时见面，你的书重新上架了。",
    ),
    ("accepted", "asker", "place"): (
        "The giver did not leave it there in time. Your bean came back.",
        "赠书人没有按时把书放到交接点。鱼豆已退还给你。",
    ),
    ("accepted", "giver", "place"): (
        "You did not leave it there in time, and your copy was hidden.",
        "你没有按时把书放到交接点，你的书已暂时隐藏。",
    ),
    ("no_giver", "asker"): (
        "The giver did not answer, so it has ended. Your bean came back.",
        "赠书人没有回音，交换已结束。鱼豆已退还给你。",
    ),
    ("no_giver", "giver"): (
        "You did not answer, so it has ended, and your copy is hidden.",
        "你没有回应，交换已结束，你的书已暂时隐藏。",
    ),
    ("no_asker", "asker"): (
        "You did not answer, so it has ended. Your bean came back.",
        "你没有回应，交换已结束。鱼豆已退还给你。",
    ),
    ("no_asker", "giver"): (
        "The other reader did not answer, so it has ended. Your copy came back.",
        "对方没有回音，交换已结束。你的书已重新上架。",
    ),
}
"""What each side reads, by the state in which the clock ended it, the side, and the way where it matters."""
CLOCK = [
    (before, way, step)
    for way in Way
    for (before, _, who), step in STEPS[way].items()
    if who is Role.CLOCK and step.to is DriftState.EXPIRED
]


def row(state, role, way="post", past=(), **said):
    """Return the row of a drift of which only what sentences need is filled in."""
    facts = dict.fromkeys(DriftSummary._fields) | {"state": state, "way": way, "beans": 1} | said
    events = tuple(PastStep(1, action, "giver", 0) for action in past)
    return DriftRow(
        **dict.fromkeys(DriftRow._fields) | {"drift": DriftSummary(**facts), "role": role, "events": events}
    )


def read(app, shown):
    texts = []
    for language in ("en", "zh"):
        with app.test_request_context(headers={"Accept-Language": language}):
            texts.append(str(drift_sentence(shown)))
    return tuple(texts)


@pytest.mark.parametrize(("before", "way", "step"), CLOCK, ids=[f"{before}-{way}" for before, way, _ in CLOCK])
def test_what_the_clock_ended_says_who_was_silent_and_what_became_of_the_copy(app, before, way, step):
    past = ["ask"] if before is DriftState.WAITING else ["ask", "accept"]
    for role in (Role.ASKER, Role.GIVER):
        english, chinese = read(app, row("expired", role, way, past, absent=step.absent))
        assert (english, chinese) == (ENDS.get((before, role, way)) or ENDS[before, role])
        if role is Role.GIVER:
            assert ("hidden" in english, "隐藏" in chinese) == (step.copy is CopyState.HIDDEN,) * 2
        else:
            assert ("Your bean came back" in english, "鱼豆已退还给你" in chinese) == (True, True)


def test_every_end_by_the_clock_is_in_the_table():
    known = {(before, role) for before, _, _ in CLOCK for role in ("asker", "giver")}
    assert {key[:2] for key in ENDS} == known


@pytest.mark.parametrize(
    ("state", "role", "past", "said", "english"),
    [
        ("rejected", "asker", ["ask", "reject"], {}, "The giver declined, and your bean comes back."),
        ("rejected", "asker", ["ask", "leave"], {}, "The giver closed the account, and your bean came back."),
        ("withdrawn", "giver", ["ask", "redraw"], {}, "The request was cancelled."),
        (
            "withdrawn",
            "giver",
            ["ask", "leave"],
            {},
            "The other reader closed the account, and your copy is on the shelf again.",
        ),
        ("received", "giver", ["ask", "leave"], {}, "It has arrived, and the bean is yours."),
        ("received", "giver", ["ask", "received"], {"pay_from": 1}, "It has arrived."),
    ],
)
def test_an_exchange_says_how_a_reader_ended_it(app, state, role, past, said, english):
    assert read(app, row(state, Role(role), past=past, **said))[0] == english
