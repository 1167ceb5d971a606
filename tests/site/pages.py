"""The pages of the site by endpoint, and what must hold for each of them."""

import re
from collections import Counter
from itertools import pairwise

from bs4 import BeautifulSoup

from app.rules.account.role import Role
from app.web.book.work import PATH

BOOK = "9787536692930"

# Public pages: their endpoints, and URLs at which they are checked.
PUBLIC_PAGES = {
    "web.index": ["/"],
    "web.book_search": [
        "/book/search", "/book/search?q=三体", "/book/search?q=没有这本书", "/book/search?q=海边",
        "/book/search?q=海边&page=2", "/book/search?q=海边&page=90", "/book/search?q=x&page=0",
        f"/book/search?q={'a' * 101}",
    ],
    "web.book_detail": [
        f"/book/{BOOK}/detail", "/book/9787020002207/detail", "/book/9787020002214/detail",
        "/book/9787536692931/detail", "/book/x/detail",
    ],
    "web.book_search_outside": [
        "/book/search/outside?q=海边", "/book/search/outside", "/book/search/outside?q=x&page=0",
    ],
    "web.work_editions": [f"{PATH}/1/editions"],
    "web.books": ["/books", "/books?language=zh&letter=s", "/books?language=en&year=1999", "/books?letter=1"],
    "web.language": ["/language"],
    "web.offline": ["/offline"],
    "web.register": ["/register"],
    "web.look_into_mail": ["/register/done"],
    "web.confirm": ["/confirm/x"],
    "web.confirm_new_email": ["/change/email/x"],
    "web.take_back_email": ["/change/email/back/x"],
    "web.login": ["/login", "/login?next=/personal"],
    "web.reset_password": ["/reset/password"],
    "web.set_password": ["/reset/password/x"],
    "web.mail_off": ["/mail/off/x"],
    "web.user": ["/user/1", "/user/999"],
    "web.places": ["/places", "/places?page=x"],
    "web.circles": ["/circles", "/circles?page=x"],
    "web.circle": ["/circle/circle-1", "/circle/nowhere"],
    "web.join": ["/join/x"],
    "web.site_text": ["/about", "/how-it-works", "/rules", "/privacy", "/contact"],
    "web.appeal": ["/appeal/x"],
    "web.waiting": ["/register/waiting"],
    "web.journey": ["/c/22222222", "/c/no-mark"],
    "web.shared_year": ["/year/x"],
}  # fmt: skip
LOGIN_PAGES: dict[str, list[str]] = {
    "web.book_entry": ["/book/9787506365437/entry"],
    "web.new_book": ["/book/new", "/book/new?title=海边"],
    "web.personal": ["/personal"],
    "web.ledger": ["/personal/ledger", "/personal/ledger?page=x"],
    "web.user_settings": ["/personal/settings"],
    "web.away": ["/personal/away"],
    "web.area": ["/personal/area", "/personal/area?q=x"],
    "web.notices": ["/notices", "/notices?before=1-1", "/notices?before=x"],
    "web.session_list": ["/personal/sessions"],
    "web.invitations": ["/personal/invitations"],
    "web.new_circle": ["/circle/new"],
    "web.circle_members": ["/circle/circle-1/members"],
    "web.circle_steward": ["/circle/circle-1/steward"],
    "web.circle_reading": ["/circle/circle-1/reading", "/circle/circle-1/reading?q=三体"],
    "web.circle_rules": ["/circle/circle-1/rules"],
    "web.circle_invitations": ["/circle/circle-1/invitations"],
    "web.circle_poster": ["/circle/circle-1/poster"],
    "web.second_factor": ["/personal/second-factor"],
    "web.delete_account": ["/personal/delete"],
    "web.export": ["/personal/export"],
    "web.change_password": ["/change/password"],
    "web.change_email": ["/change/email"],
}
ERROR_PAGES = ["/no/such/page", "/book/9787536692930/no"]
# Responses for programs, and for browsers themselves.
NO_PAGES = {
    "static", "web.book_cover", "web.healthz", "web.readyz", "web.metrics", "web.manifest", "web.favicon", "web.robots",
    "web.api_book_by_isbn", "web.api_book_by_id", "web.api_search", "web.mailbox", "web.login_code", "web.suggest",
    "web.service_worker", "web.book_card", "web.user_card", "web.site_card",
    "web.sitemap", "web.sitemap_pages", "web.sitemap_books", "web.well_known_change_password",
    "web.work", "web.suggest_areas", "web.new_feed", "web.book_feed", "web.author_feed",
    "web.own_feed", "web.own_calendar", "web.circle_feed", "web.own_circle_feed", "web.circle_card",
}  # fmt: skip
PUBLIC_POSTS = {
    "web.choose_language", "web.do_register", "web.do_confirm", "web.do_confirm_new_email", "web.do_take_back_email",
    "web.do_login", "web.do_login_code", "web.logout", "web.do_reset_password", "web.do_set_password",
    "web.do_mail_off", "web.do_appeal", "web.do_journey",
}  # fmt: skip
LOGIN_POSTS = {
    "web.change_user_settings", "web.choose_area", "web.end_other_sessions", "web.turn_on_second_factor",
    "web.turn_off_second_factor", "web.renew_recovery_codes", "web.do_export", "web.do_delete_account",
    "web.do_change_password", "web.do_change_email", "web.enter_book_by_hand",
    "web.make_invitation", "web.revoke_invitation",
    "web.found_circle", "web.join_circle", "web.leave_circle", "web.join_by_link",
    "web.change_member", "web.step_down", "web.succeed_steward", "web.change_circle_rules", "web.end_circle",
    "web.add_to_reading", "web.take_off_reading", "web.need_title",
    "web.invite_into_circle", "web.revoke_circle_invitation", "web.make_circle_poster",
    "web.enter_new_book", "web.go_away", "web.come_back", "web.see_all_notices",
    "web.block", "web.unblock",
    "web.renew_own_feed", "web.revoke_own_feed",
}  # fmt: skip
LOGIN_PAGES |= {
    "web.my_gifts": ["/my/gifts"],
    "web.my_books": ["/my/books", "/my/books?show=private", "/my/books?show=given&page=x", "/my/books?q=x"],
    "web.my_wish": ["/my/wish"],
    "web.add_books": ["/my/books/add"],
    "web.basket": ["/my/books/basket", "/my/books/basket?page=x"],
    "web.pending": ["/pending"],
    "web.send_drift": ["/drift/1"],
    "web.hand_over_code": ["/drift/1/code"],
    "web.hand_over": ["/drift/2/hand-over"],
    "web.report": ["/report/message/1"],
    "web.thread": ["/drift/1/thread"],
    "web.complaint": ["/drift/3/complaint"],
    "web.drift_address": ["/drift/3/address"],
    "web.edit_gift": ["/gifts/4/edit"],
    "web.labels": ["/my/labels", "/my/labels?copy=1&copy=x"],
    "web.label_sheet": ["/my/labels/sheet?copy=1", "/my/labels/sheet?blank=1"],
    "web.journeys": ["/my/journeys"],
    "web.my_year": ["/my/year/2026"],
    "web.free_copy": ["/my/books/5/free"],
}
LOGIN_POSTS |= {
    "web.change_my_books", "web.offer_my_book", "web.withdraw_my_book", "web.forget_my_book",
    "web.keep_my_book", "web.allow_asking", "web.stop_asking",
    "web.bring_books", "web.clear_my_basket",
    "web.save_to_gifts", "web.redraw_from_gifts", "web.bring_gift_back", "web.save_to_wish", "web.redraw_from_wish",
    "web.satisfy_wish", "web.change_wish_scope", "web.decline_edition", "web.post_drift", "web.accept_drift",
    "web.reject_drift", "web.redraw_drift",
    "web.mailed_drift", "web.do_hand_over", "web.met_drift", "web.left_drift", "web.absent_drift",
    "web.extend_drift", "web.give_drift_back", "web.returned_drift", "web.lost_drift",
    "web.pass_drift_on", "web.call_drift_home",
    "web.object_drift", "web.received_drift",
    "web.missing_drift", "web.forget_saved_address", "web.write_to_thread", "web.do_report", "web.undo_drift",
    "web.cancel_drift", "web.save_tracking", "web.change_drift_address", "web.save_gift", "web.thank_for_drift",
    "web.settle_thanks", "web.do_complain", "web.answer_complaint",
    "web.make_labels", "web.bind_label", "web.take_copy", "web.settle_journey_line", "web.change_journey",
    "web.do_free_copy", "web.take_copy_back", "web.share_my_year", "web.hide_my_year",
}  # fmt: skip
LOGIN_FILES = {"web.export_my_books", "web.basket_report"}
"""What is downloaded."""
# Views with `role_required`, by role.
ROLE_PAGES: dict[Role, dict[str, list[str]]] = {
    Role.MODERATOR: {
        "web.new_place": ["/places/new"],
        "web.edit_place": ["/places/1"],
        "web.desk": ["/desk"],
        "web.desk_reports": ["/desk/reports"],
        "web.desk_case": ["/desk/case/message/1", "/desk/case/reader/2", "/desk/case/complaint/3"],
        "web.desk_complaints": ["/desk/complaints"],
        "web.desk_log": ["/desk/log"],
        "web.desk_economy": ["/desk/economy"],
        "web.desk_what_if": ["/desk/economy/what-if", "/desk/economy/what-if?price=2"],
        "web.desk_decision": ["/desk/log/1"],
        "web.desk_appeal": ["/desk/appeal/1"],
        "web.desk_reader": ["/desk/reader/2"],
        "web.desk_door": ["/desk/door"],
        "web.desk_knock": ["/desk/door/3"],
    },
    Role.OPERATOR: {},
}
ROLE_POSTS: dict[Role, set[str]] = {
    Role.MODERATOR: {
        "web.add_place", "web.change_place", "web.close_place", "web.open_place",
        "web.decide_case", "web.undo_decision", "web.answer_appeal",
        "web.answer_knock",
    },
    Role.OPERATOR: {"web.place_editions"},
}  # fmt: skip
# All of the above; every new endpoint has to be on one of the lists.
PUBLIC = set(PUBLIC_PAGES) | NO_PAGES | PUBLIC_POSTS
LOGIN = set(LOGIN_PAGES) | LOGIN_FILES | LOGIN_POSTS
BY_ROLE = {endpoint: role for role in ROLE_PAGES for endpoint in ROLE_PAGES[role].keys() | ROLE_POSTS[role]}
ALL_PAGES = PUBLIC_PAGES | LOGIN_PAGES | {name: paths for pages in ROLE_PAGES.values() for name, paths in pages.items()}
ALL_POSTS = PUBLIC_POSTS.union(LOGIN_POSTS, *ROLE_POSTS.values())


def faults(page: BeautifulSoup) -> list[str]:
    """Return a list of what is wrong with a page."""
    return [
        *_frame_faults(page),
        *_id_faults(page),
        *_control_faults(page),
        *_form_faults(page),
        *_button_faults(page),
        *_time_faults(page),
        *_source_faults(page),
    ]


LEADING = {"for", "aria-describedby", "aria-labelledby", "aria-controls"}
"""Attributes that name the ids of other tags."""
OUR_LINKS = (["stylesheet"], ["icon"], ["manifest"])


def _frame_faults(page: BeautifulSoup) -> list[str]:
    found = []
    if len(page.find_all("h1")) != 1:
        found.append(f"{len(page.find_all('h1'))} h1")
    if not page.title or not page.title.get_text().split("·")[0].strip():
        found.append("no title")
    if page.html is None or page.html.get("lang") not in ("zh", "zh-Hant", "en"):
        found.append("no lang")
    if len(page.find_all("main")) != 1:
        found.append("not one main")
    levels = [int(heading.name[1]) for heading in page.find_all(["h1", "h2", "h3", "h4"])]
    if any(later - earlier > 1 for earlier, later in pairwise(levels)):
        found.append(f"heading levels {levels}")
    return found


def _id_faults(page: BeautifulSoup) -> list[str]:
    tags = page.find_all(True)
    ids = Counter(str(tag["id"]) for tag in tags if tag.has_attr("id"))
    found = [f"id {id} twice" for id in sorted(ids) if ids[id] > 1]
    for tag in tags:
        for attribute in sorted(LEADING & tag.attrs.keys()):
            value = tag[attribute]
            names = value.split() if isinstance(value, str) else value
            found += [f"{attribute}={name} leads nowhere" for name in names if name not in ids]
    return found


def _control_faults(page: BeautifulSoup) -> list[str]:
    labelled = {str(label.get("for")) for label in page.find_all("label")}
    controls = [c for c in page.find_all(["input", "select", "textarea"]) if str(c.get("type")).lower() != "hidden"]
    found = [
        f"{c.get('name')} has no label" for c in controls if not (c.get("id") in labelled or c.find_parent("label"))
    ]
    for tag in page.find_all(["a", "button"]):
        is_said = (
            tag.get_text(strip=True) or tag.get("aria-label") or any(img.get("alt") for img in tag.find_all("img"))
        )
        if not is_said and (tag.name == "button" or tag.has_attr("href")):
            found.append(f"{tag} says nothing")
    images = page.find_all("img")
    return found + [
        f"{img['src']} lacks alt or size" for img in images if not {"alt", "width", "height"} <= set(img.attrs)
    ]


def _form_faults(page: BeautifulSoup) -> list[str]:
    found = []
    for form in page.find_all("form"):
        if str(form.get("method", "")).lower() == "post":
            tokens = form.select("input[name=csrf_token][type=hidden]")
            if len(tokens) != 1 or not tokens[0].get("value"):
                found.append(f"the form to {form.get('action')} has no token")
        elif form.select("input[name=csrf_token]"):
            found.append(f"the form to {form.get('action')} puts the token into the address")
        # The form of a list may have no button on this page: the buttons in its rows set the target.
        if not form.select("button[type=submit]") and form.get("id") != "list-form":
            found.append(f"the form to {form.get('action')} has no button")
    for button in page.select("button[formaction]"):
        form = page.find("form", id=button.get("form"))
        if form is None or str(form.get("method")).lower() != "post":
            found.append(f"the button to {button['formaction']} has no form")
    return found


WRITTEN_DATE = re.compile(r"\d{4}年\d+月\d+日|[A-Z][a-z]{2} \d{1,2}, \d{4}|\d{4}-\d\d-\d\d")


def _button_faults(page: BeautifulSoup) -> list[str]:
    """One button of a page stands out, and one of each exchange in a list, apart from what is folded away."""
    buttons = page.select("main .button:not(.quiet, .danger)")
    shown = [button for button in buttons if button.name == "summary" or not button.find_parent("details")]
    places = Counter(id(button.find_parent(class_="drift")) for button in shown)
    words = [button.get_text(" ", strip=True) for button in shown]
    return [f"more than one primary button: {words}"] if any(count > 1 for count in places.values()) else []


def _time_faults(page: BeautifulSoup) -> list[str]:
    found = []
    for tag in page.find_all("time"):
        is_month = len(str(tag.get("datetime", ""))) == len("2026-11")
        if not tag.get("datetime") or bool(tag.get("title")) == is_month:
            found.append(f"{tag} lacks its time or tells the day of a month")
    # Texts of the operator are written by hand, and a drawing can have no <time>.
    texts = page.main.find_all(string=WRITTEN_DATE) if page.main else []
    return found + [
        f"no <time>: {text}"
        for text in texts
        if not text.find_parent(["time", "textarea", "input", "svg"]) and not text.find_parent(class_="site-text")
    ]


def _source_faults(page: BeautifulSoup) -> list[str]:
    found, tags = [], page.find_all(True)
    for tag in tags:
        if tag.name == "style" or tag.has_attr("style"):
            found.append(f"inline style in {tag.name}")
        # A block of data is not run: its type is that of no script.
        if tag.name == "script" and not tag.has_attr("src") and tag.get("type") != "application/ld+json":
            found.append("inline script")
        found += [f"{tag.name} has {name}" for name in tag.attrs if name.startswith("on")]
        if tag.has_attr("src") or (tag.name == "link" and tag.get("rel") in OUR_LINKS):
            address = str(tag.get("src") or tag.get("href"))
            if not address.startswith("/") or address.startswith("//"):
                found.append(f"{address} is not ours")
    return found
