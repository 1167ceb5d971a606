"""6: mails as a weapon, and a copy blocked forever."""

import pytest
from sqlalchemy import select

from app.models.base import db, now
from app.models.drift import Drift
from app.models.gift import Gift
from app.rules.exchange.mails import MAIL_DELAY
from tests.attack.people import ADDRESS, email_of, logged_in, mails_to, newcomer, press, register, sign_up, visitor
from tests.attack.time_travel import pass_time
from tests.exchange import book, copy_of, reader, wish_for
from tests.factories import PASSWORD

pytestmark = [pytest.mark.mariadb, pytest.mark.xdist_group("attack")]
PATIENCE = MAIL_DELAY + 60
"""Seconds after which a mail has been sent."""
OFFER = {"condition": "good", "ways": "post", "note": ""}


def ask_and_redraw(site, client, copy, pause=lambda: None):
    press(client, f"{site.url}/drift/{copy}", **ADDRESS)
    pause()
    db.session.rollback()
    for drift in db.session.scalars(select(Drift.id).where(Drift.open_gift_id == copy)).all():
        press(client, f"{site.url}/drift/{drift}/redraw")
    pause()


def list_and_withdraw(site, client, isbn, owner, pause=lambda: None):
    press(client, f"{site.url}/gifts/book/{isbn}", **OFFER)
    pause()
    db.session.rollback()
    for gift in db.session.scalars(select(Gift.id).where(Gift.giver_id == owner, Gift.state == "open")).all():
        press(client, f"{site.url}/gifts/{gift}/redraw")
    pause()


def test_asking_and_redrawing_sixty_times_sends_no_letter(site):
    attacker, victim = logged_in(sign_up(site)), reader(0)
    copy = copy_of(victim, now=now())
    for _ in range(60):
        ask_and_redraw(site, attacker, copy)
    pass_time(PATIENCE)

    assert mails_to(email_of(victim)) == []


def test_who_waits_between_the_steps_sends_six_letters_a_day_at_most(site):
    attacker, victim = logged_in(sign_up(site)), reader(0)
    for copy in [copy_of(victim, now=now()) for _ in range(5)] * 2:
        ask_and_redraw(site, attacker, copy, lambda: pass_time(PATIENCE))

    assert len(mails_to(email_of(victim))) <= 6


def test_who_comes_every_day_for_a_week_sends_two_letters_about_a_copy(site):
    attacker, victim = logged_in(sign_up(site)), reader(0)
    copy = copy_of(victim, now=now())
    for _ in range(6):
        ask_and_redraw(site, attacker, copy, lambda: pass_time(43_000))

    assert len(mails_to(email_of(victim))) <= 2


@pytest.mark.parametrize(("waits", "letters"), [(False, 0), (True, 2)])
def test_listing_and_withdrawing_again_and_again_sends_hardly_a_letter(site, waits, letters):
    owner, victim, isbn = sign_up(site), reader(1), book()
    wish_for(victim, isbn, now())
    for _ in range(6 if waits else 20):
        list_and_withdraw(site, logged_in(owner), isbn, owner, lambda: pass_time(PATIENCE) if waits else None)
    pass_time(PATIENCE)

    assert len(mails_to(email_of(victim))) <= letters


def test_two_readers_can_not_keep_a_copy_between_them_for_ever(site):
    """One lets the offer expire, the other has made the wish again by then."""
    squatters, honest, isbn = [reader(1), reader(1)], reader(1), book()
    for squatter in squatters:
        wish_for(squatter, isbn, now())
    copy = copy_of(reader(0), isbn, now())
    days_blocked = 0
    while press(logged_in(honest), f"{site.url}/drift/{copy}", **ADDRESS).status_code != 303:
        days_blocked += 2
        assert days_blocked <= 4
        db.session.rollback()
        holder = db.session.scalar(select(Gift.offered_to).where(Gift.id == copy))
        for squatter in squatters:
            if squatter != holder:
                press(logged_in(squatter), f"{site.url}/wish/book/{isbn}/redraw")
                assert press(logged_in(squatter), f"{site.url}/wish/book/{isbn}").status_code == 303
        pass_time(2 * 86_400 + 60)


def test_who_gives_a_wish_up_for_a_new_one_is_not_offered_the_copy_again(site):
    """Nor do two who pass the copy to each other by withdrawing."""
    squatters, honest, isbn = [reader(1), reader(1)], reader(1), book()
    for squatter in squatters:
        wish_for(squatter, isbn, now())
    copy = copy_of(reader(0), isbn, now())
    for _ in range(3):
        for squatter in squatters:
            press(logged_in(squatter), f"{site.url}/wish/book/{isbn}/redraw")
            press(logged_in(squatter), f"{site.url}/wish/book/{isbn}")

    assert press(logged_in(honest), f"{site.url}/drift/{copy}", **ADDRESS).status_code == 303


def forms_that_write_to(site, email):
    """Every form that makes us send a mail to an address of the client's choice."""
    attacker = logged_in(sign_up(site))
    return [
        lambda: register(site, newcomer()[0], email),
        lambda: press(visitor(), f"{site.url}/reset/password", email=email),
        lambda: press(attacker, f"{site.url}/change/email", email=email, password=PASSWORD),
        lambda: press(visitor(), f"{site.url}/login", email=email, password=PASSWORD),
    ]


@pytest.mark.parametrize("has_account", [True, False])
def test_no_form_fills_a_mailbox(site, has_account):
    victim = email_of(reader(0)) if has_account else newcomer()[1]
    for turn in range(8):
        for send in forms_that_write_to(site, victim.replace("@", f"+{turn}@") if turn % 2 else victim):
            assert send().status_code < 500

    # Three in a quarter of an hour, and each of the two workers counts on its own.
    assert len(mails_to(victim)) <= 2 * 3 + 1
