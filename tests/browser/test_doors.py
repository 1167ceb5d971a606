"""Registering in a real browser at each door, with scripts and without."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from app import create_app
from app.models.base import db, now
from app.models.user import User
from app.services.door.invitation import invite_for_the_site
from config import Testing
from tests.browser.conftest import PHONE, look, served
from tests.factories import PASSWORD

QUESTION = "Which animal is in our name?"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, str]]:
    """A site that asks strangers for work, and its URL."""
    folder: Path = tmp_path_factory.mktemp("guarded")
    app = create_app(
        Testing(
            SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder}/fisher.db",
            SEARCH_INDEX_PATH=f"{folder}/search.db",
            PROOF_BITS=12,
            QUESTION=QUESTION,
            ANSWERS=("fish",),
        )
    )
    with app.app_context():
        db.create_all()
    with served(app) as url:
        yield app, url


@pytest.fixture(params=["scripts", "no scripts"])
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """A telephone, with scripts and without."""
    has_scripts = request.param == "scripts"
    context = chromium.new_context(locale="en-GB", viewport=PHONE, java_script_enabled=has_scripts)
    context.set_default_timeout(20_000)
    page = context.new_page()
    yield page
    context.close()


def fill_in(page: Page, name: str) -> None:
    page.get_by_label("Nickname").fill(name)
    page.get_by_label("E-mail").fill(f"{name}@example.org")
    page.get_by_label("Password").fill(PASSWORD)


@pytest.mark.parametrize("door", ["open", "invite", "approval"])
def test_a_visitor_registers(guarded, page, request, door):
    app, site = guarded
    app.config["DOOR"] = door
    has_scripts = "no scripts" not in request.node.name
    name = f"{door}{'with' if has_scripts else 'without'}"
    path = "/register"
    if door == "invite":
        page.goto(f"{site}/register")
        expect(page.get_by_role("heading", level=1)).to_have_text("By invitation")
        with app.app_context():
            path += f"?invite={invite_for_the_site(1, 1, now())[1]}"
    page.goto(site + path)
    fill_in(page, name)
    if door == "approval":
        page.get_by_label("About you").fill("I live next door and have many books.")
    if has_scripts:
        expect(page.get_by_label(QUESTION)).to_have_count(0)
    else:
        page.get_by_label(QUESTION).fill("Fish")
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your inbox")
    with app.app_context():
        assert db.session.scalar(select(User.id).where(User.email == f"{name}@example.org"))
        db.session.remove()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_of_the_doors_fit_and_are_accessible(guarded, chromium, scheme, width):
    app, site = guarded
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, locale="zh-CN" if width == 390 else "en-GB"
    )
    page, found = context.new_page(), {}
    for door in ("invite", "approval"):
        app.config["DOOR"] = door
        found |= look(page, site, ["/register", f"/register?invite={door}", "/register/waiting"])
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
    context.close()
