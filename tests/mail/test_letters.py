"""Every letter: one button, the same words as text and as HTML, nothing that a mail program cannot show, no address."""

import re
from itertools import cycle

import html5lib
import pytest
from bs4 import BeautifulSoup

from app.mail import account, circle, moderation
from app.mail.exchange import MailBook, write_digest, write_exchange_mail
from app.rules.circle.circle import CircleNews
from app.rules.exchange.drift import MailKind
from app.rules.trust.facts import Facts
from tests.mail.test_sender import LETTERS

TO, NAME, SITE = "wang@example.org", "小王 <b>", "http://127.0.0.1:5000/"
OFF = f"{SITE}mail/off/x"
TITLE = "A title & <i>more</i>, " + "which does not end, " * 12
BOOKS = {
    "picture": MailBook(["A & B", "C"], f"{SITE}book/9787536692930/cover", ["A title"], 12, "#24364b", "#f6ecd8"),
    "drawn": MailBook([], None, ["A title", "& <i>more"], 12, "#24364b", "#f6ecd8"),
}
FACTS = {"title": TITLE, "name": "Li", "place": "Café", "due": "Sat 28 Nov, 08:59"}
KNOWN = {"since": "May 2026", "past": Facts(0, given=3, received=1, sent=3, lost=1)}


def letters(locale):
    """Return every letter, by its name."""
    mails = {f"account.{name}": getattr(account, name)(TO, locale, NAME, *said) for name, said in LETTERS.items()}
    for kind, book in zip(MailKind, cycle(BOOKS.values()), strict=False):
        more = {"quote": "one\n\ntwo", "known": KNOWN} if kind is MailKind.ASKED else {}
        values = {"nickname": NAME, "facts": FACTS, "book": book} | more
        mails[kind] = write_exchange_mail(kind, TO, locale, OFF, **values)
    for news in CircleNews:
        mails[f"circle.{news}"] = circle.write_circle_mail(TO, locale, NAME, news, "House <b>", "house", OFF)
    matches = [(TITLE, NAME, "Ada · Bert"), ("三体", "Cleo", "Ada")]
    mails["circle.matches"] = circle.write_matches_mail(TO, locale, OFF, NAME, "House <b>", "house", matches)
    sentences = [f"“Book {number}” has arrived" for number in range(40)]
    mails["digest"] = write_digest(TO, locale, OFF, nickname=NAME, sentences=sentences)
    shown = zip(moderation.SUBJECTS, cycle(moderation.OF_MINE), cycle(("", f"{SITE}appeal/x")), strict=False)
    for act, kind, link in shown:
        said = moderation.Statement(kind, act, "spam", "You said:\nbuy it", TITLE, "3 May", link)
        mails[f"decided.{act}"] = moderation.decided(TO, locale, NAME, said)
        mails[f"reported.{act}"] = moderation.report_decided(TO, locale, NAME, said)
    for is_granted, words in ((True, ""), (False, "Sorry.")):
        answer = moderation.appeal_answered(TO, locale, NAME, is_granted, words, f"{SITE}appeal/x")
        mails[f"answered.{is_granted}"] = answer
    return mails


def squeezed(text):
    return "".join(text.split())


def faults(mail):
    """Return what is wrong with a letter."""
    html5lib.HTMLParser(strict=True).parse(mail.html)
    page, text, found = BeautifulSoup(mail.html, "html.parser"), squeezed(mail.text), []
    for drawn in page.select("[role=img]"):
        found += [] if drawn.get("aria-label") else ["a drawn cover without words"]
        drawn.decompose()
    found += [f"{len(page.select('.button'))} buttons"] * (len(page.select(".button a[href]")) != 1)
    found += [f"only in HTML: {part}" for part in page.body.stripped_strings if squeezed(part) not in text]
    found += [f"only in HTML: {link['href']}" for link in page.select("a[href]") if link["href"] not in mail.text]
    shown, links = squeezed(page.body.get_text()), {link["href"] for link in page.select("a[href]")}
    lines = [line.removeprefix("- ") for line in mail.text.splitlines() if line not in links]
    found += [f"only in text: {line}" for line in lines if squeezed(line) not in shown]
    found += [f"{tag.name} from outside" for tag in page.select("script, link, iframe, form, [background]")]
    found += ["a picture of others"] * any(not image["src"].startswith(SITE) for image in page.select("img"))
    found += ["a picture without words"] * any(not image.get("alt") for image in page.select("img"))
    found += ["something fetched by a style"] * bool(re.search(r"url\(|@import|@font-face", mail.html))
    found += ["no color-scheme"] * (page.select_one("meta[name=color-scheme]") is None)
    found += ["an address"] * bool(re.search(r"\w@\w|mailto:", mail.subject + mail.text + mail.html))
    found += ["a placeholder"] * bool(re.search(r"%\(|\{\{|None|\n\n\n", mail.text))
    return found


def test_every_letter_about_accounts_is_looked_at():
    written = {name for name, made in vars(account).items() if getattr(made, "__module__", "") == account.__name__}

    assert {name for name in written if not name.startswith("_")} == set(LETTERS)


@pytest.mark.parametrize("locale", ["en", "zh", "zh_Hant"])
def test_every_letter_is_whole(app_context, locale):
    found = {name: faults(mail) for name, mail in letters(locale).items()}

    assert len(found) > 45
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_the_check_of_letters_sees_what_is_wrong(app_context):
    mail = account.account_deleted(TO, "en", NAME)
    worse = mail.html.replace('class="button"', "").replace("Dear", f'<img src="//x" alt=""><b>{TO}</b> Hello')

    assert len(faults(type(mail)(mail.to, mail.subject, mail.text, worse))) >= 5


@pytest.mark.parametrize(("book", "has_picture"), [("picture", True), ("drawn", False)])
def test_a_cover_that_is_not_there_is_drawn_without_a_picture(app_context, book, has_picture):
    values = {"nickname": NAME, "facts": FACTS, "book": BOOKS[book]}
    page = BeautifulSoup(write_exchange_mail(MailKind.ASKED, TO, "en", OFF, **values).html, "html.parser")
    cover = page.select_one("img" if has_picture else "[role=img]")

    assert (page.img is not None) is has_picture
    assert TITLE.strip() in (cover["alt"] if has_picture else cover["aria-label"])
