"""Who may do what at which URL: the table, and the exchange with which it is tested."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select

from app.models.address import Address
from app.models.base import db, now
from app.models.book import Book
from app.models.circle import Circle
from app.models.copy import Copy
from app.models.decision import Appeal
from app.models.drift import Drift
from app.models.encrypted import seal
from app.models.gift import Gift
from app.models.journey import JournalLine, Station
from app.rules.account.role import Role
from app.rules.circle.circle import Door, MemberState
from app.rules.clock import DAY
from app.rules.journey.mark import make_mark
from app.rules.moderation.decision import Act, Ground, Verdict
from app.services.bean.transfers import grant_beans
from app.services.circle.founding import found
from app.services.circle.invitation import invite_to_circle, list_usable
from app.services.circle.reading import add_title
from app.services.delivery.postal_address import PostalAddress, keep_address, seal_address
from app.services.delivery.thread import Draft, add_message
from app.services.door.invitation import invite, list_invitations
from app.services.moderation.decision import decide
from tests.circles import put_in
from tests.exchange import HOME, LOANS, Exchange, book, copy_of, exchange, id_of, knocking, reader, wish_for
from tests.factories import PASSWORD, isbn13

ROLES = ("visitor", "unconfirmed", "reader", "other", "giver", "asker", "moderator", "operator")
"""A visitor; a reader without a confirmed address; one without any part in the exchange; one with an exchange of
another book in the same state; the two sides of the exchange that the URL is about; a moderator and an operator, who
log in with a second factor and have no part in it."""
THEIRS = PostalAddress("李小红", "13900002222", "上海市徐汇区天平路四十号")
"""Where the asker of the exchange lives."""
SECOND_FACTOR = {"totp_secret": "A" * 32, "totp_since": 1}
LATELY = 20 * DAY
"""Long enough ago for a book to be reported missing."""

TABLE = """
     endpoint                 in state  visitor unconf. reader other giver asker again
GET  index                    any        200     200     200    200   200   200   -
GET  books                    any        200     200     200    200   200   200   -
GET  book_search              any        200     200     200    200   200   200   -
GET  book_search_outside      any        200     200     200    200   200   200   -
GET  book_detail              any        200     200     200    200   200   200   -
GET  work                     any        302     302     302    302   302   302   -
GET  work_editions            any        200     200     200    200   200   200   -
POST place_editions           any        in      in      404    404   404   404   -
GET  suggest                  any        200     200     200    200   200   200   -
GET  suggest_areas            any        200     200     200    200   200   200   -
GET  book_cover               any        200     200     200    200   200   200   -
GET  user                     any        200     200     200    200   200   200   -
GET  new_feed                 any        200     200     200    200   200   200   -
GET  book_feed                any        200     200     200    200   200   200   -
GET  author_feed              any        404     404     404    404   404   404   -
GET  own_feed                 any        404     404     404    404   404   404   -
GET  own_calendar             any        404     404     404    404   404   404   -
GET  circle_feed              any        200     200     200    200   200   200   -
GET  own_circle_feed          any        404     404     404    404   404   404   -
GET  circle_card              any        200     200     200    200   200   200   -
POST renew_own_feed           any        in      in      303    303   303   303   303
POST revoke_own_feed          any        in      in      303    303   303   303   303
GET  api_book_by_isbn         any        200     200     200    200   200   200   -
GET  api_book_by_id           any        200     200     200    200   200   200   -
GET  api_search               any        400     400     400    400   400   400   -
GET  book_entry               any        in      in      200    200   200   200   -
POST enter_book_by_hand       any        in      in      302    302   302   302   302
GET  new_book                 any        in      in      200    200   200   200   -
POST enter_new_book           any        in      in      302    302   302   302   302

GET  my_gifts                 any        in      in      200    200   200   200   -
GET  my_books                 any        in      in      200    200   200   200   -
GET  export_my_books          any        in      in      200    200   200   200   -
POST allow_asking             any        in      in      303    303   303   303   303
POST stop_asking              any        in      in      303    303   303   303   303
POST change_my_books          any        in      in      303    303   303   303   303
GET  add_books                any        in      in      200    200   200   200   -
POST bring_books              any        in      in      303    303   303   303   303
GET  basket                   any        in      in      200    200   200   200   -
GET  basket_report            any        in      in      200    200   200   200   -
POST clear_my_basket          any        in      in      303    303   303   303   303
POST save_to_gifts            any        in      in      303    303   303   303   303
POST redraw_from_gifts        withdrawn  in      in      404    404   303   404   409
POST redraw_from_gifts        accepted   in      in      404    404   409   404   -
POST bring_gift_back          expired    in      in      404    404   303   404   409
POST bring_gift_back          received   in      in      404    404   409   404   -
GET  my_wish                  any        in      in      200    200   200   200   -
POST save_to_wish             any        in      in      303    303   409   303   409
POST redraw_from_wish         any        in      in      409    409   409   303   409
POST satisfy_wish             received   in      in      409    409   303   409   409
POST satisfy_wish             waiting    in      in      409    409   409   409   -
POST change_wish_scope        any        in      in      409    409   409   303   303
POST decline_edition          any        in      in      409    409   409   409   -

GET  send_drift               withdrawn  in      in      200    200   200   200   -
GET  send_drift               waiting    in      in      404    404   200   200   -
GET  send_drift               received   in      in      404    404   200   200   -
POST post_drift               withdrawn  in      in      303    303   403   303   409
POST post_drift               waiting    in      in      409    409   403   409   -
POST post_drift               expired    in      in      409    409   403   409   -
GET  pending                  any        in      in      200    200   200   200   -
POST accept_drift             waiting    in      in      404    404   303   403   409
POST reject_drift             waiting    in      in      404    404   303   403   409
POST redraw_drift             waiting    in      in      404    404   403   303   409
POST mailed_drift             accepted   in      in      404    404   303   403   409
GET  hand_over_code           accepted   in      in      404    404   403   403   -
GET  hand_over                accepted   in      in      404    404   403   403   -
POST do_hand_over             accepted   in      in      404    404   403   403   -
POST met_drift                accepted   in      in      404    404   403   403   -
POST left_drift               accepted   in      in      404    404   403   403   -
POST absent_drift             accepted   in      in      404    404   403   403   -
POST object_drift             mailed     in      in      404    404   409   403   -
POST received_drift           mailed     in      in      404    404   403   303   409
POST missing_drift            mailed     in      in      404    404   403   303   409
POST extend_drift             lent       in      in      404    404   403   303   409
POST give_drift_back          lent       in      in      404    404   403   303   409
POST pass_drift_on            lent       in      in      404    404   303   409   -
POST call_drift_home          lent       in      in      404    404   303   409   -
POST returned_drift           lent       in      in      404    404   303   403   409
POST lost_drift               lent       in      in      404    404   303   303   409
POST undo_drift               waiting    in      in      404    404   409   409   -
POST cancel_drift             accepted   in      in      404    404   303   403   409
POST save_tracking            mailed     in      in      404    404   303   403   303
GET  drift_address            waiting    in      in      404    404   403   200   -
GET  drift_address            mailed     in      in      404    404   403   409   -
POST change_drift_address     accepted   in      in      404    404   403   303   303
POST change_drift_address     mailed     in      in      404    404   403   409   -
GET  edit_gift                withdrawn  in      in      404    404   200   404   -
GET  edit_gift                accepted   in      in      404    404   409   404   -
POST save_gift                withdrawn  in      in      404    404   303   404   303
POST save_gift                accepted   in      in      404    404   409   404   -
POST forget_saved_address     any        in      in      404    404   404   303   404
POST thank_for_drift          received   in      in      404    404   403   409   -
POST settle_thanks            received   in      in      404    404   409   403   -
GET  complaint                waiting    in      in      404    404   404   409   -
POST do_complain              received   in      in      404    404   403   409   -
POST answer_complaint         received   in      in      404    404   404   404   -
GET  desk_complaints          any        in      in      404    404   404   404   -
GET  thread                   any        in      in      404    404   200   200   -
POST write_to_thread          waiting    in      in      404    404   303   303   303
POST write_to_thread          received   in      in      404    404   409   409   -
POST write_to_thread          withdrawn  in      in      404    404   409   409   -
POST offer_my_book            accepted   in      in      404    404   409   404   -
POST offer_my_book            received   in      in      404    404   404   303   409
POST withdraw_my_book         waiting    in      in      404    404   409   404   -
POST withdraw_my_book         expired    in      in      404    404   303   404   409
POST forget_my_book           accepted   in      in      404    404   409   404   -
POST forget_my_book           received   in      in      404    404   404   303   404
POST keep_my_book             accepted   in      in      404    404   303   404   303
POST keep_my_book             received   in      in      404    404   404   303   303
GET  report                   any        in      in      404    404   200   404   -
POST do_report                any        in      in      404    404   303   404   409

GET  labels                   any        in      in      200    200   200   200   -
POST make_labels              any        in      in      400    400   303   400   303
GET  label_sheet              any        in      in      200    200   200   200   -
GET  journeys                 any        in      in      200    200   200   200   -
GET  free_copy                received   in      in      404    404   404   200   -
POST do_free_copy             received   in      in      404    404   404   303   404
POST do_free_copy             accepted   in      in      404    404   409   404   -
POST take_copy_back           received   in      in      404    404   404   404   -
POST change_journey           received   in      in      404    404   404   303   303
GET  journey                  any        200     200     200    200   200   200   -
POST do_journey               any        303     303     303    303   303   303   303
POST take_copy                any        in      in      409    409   409   409   -
POST bind_label               any        in      in      404    404   404   404   -
GET  my_year                  any        in      in      200    200   200   200   -
POST share_my_year            any        in      in      303    303   303   303   303
POST hide_my_year             any        in      in      303    303   303   303   303
GET  shared_year              any        404     404     404    404   404   404   -
POST settle_journey_line      any        in      in      403    403   303   403   303

GET  circles                  any        200     200     200    200   200   200   -
GET  circle                   any        200     200     200    200   200   200   -
GET  new_circle               any        in      in      200    200   200   200   -
POST found_circle             any        in      in      303    303   303   303   303
GET  circle_members           any        in      in      404    404   200   200   -
POST join_circle              any        in      in      303    303   409   409   409
POST leave_circle             any        in      in      404    404   303   303   303
GET  circle_steward           any        in      in      404    404   200   404   -
POST change_member            any        in      in      404    404   303   404   409
POST step_down                any        in      in      404    404   409   404   -
POST succeed_steward          any        in      in      404    404   404   404   -
GET  circle_rules             any        in      in      404    404   200   404   -
POST change_circle_rules      any        in      in      404    404   303   404   303
GET  circle_reading           any        in      in      404    404   200   200   -
POST add_to_reading           any        in      in      404    404   303   404   303
POST take_off_reading         any        in      in      404    404   303   404   303
POST need_title               any        in      in      404    404   303   303   409
GET  circle_invitations       any        in      in      404    404   200   200   -
POST invite_into_circle       any        in      in      404    404   303   303   303
POST revoke_circle_invitation any        in      in      404    404   303   404   303
GET  circle_poster            any        in      in      404    404   200   404   -
POST make_circle_poster       any        in      in      404    404   303   404   303
POST end_circle               any        in      in      404    404   303   404   404
GET  join                     any        403     403     403    403   403   403   -
POST join_by_link             any        in      in      403    403   403   403   -

GET  places                   any        200     200     200    200   200   200   -
GET  site_text                any        200     200     200    200   200   200   -
GET  new_place                any        in      in      404    404   404   404   -
POST add_place                any        in      in      404    404   404   404   -
GET  edit_place               any        in      in      404    404   404   404   -
POST change_place             any        in      in      404    404   404   404   -
POST close_place              any        in      in      404    404   404   404   -
POST open_place               any        in      in      404    404   404   404   -

GET  desk                     any        in      in      404    404   404   404   -
GET  desk_reports             any        in      in      404    404   404   404   -
GET  desk_log                 any        in      in      404    404   404   404   -
GET  desk_economy             any        in      in      404    404   404   404   -
GET  desk_what_if             any        in      in      404    404   404   404   -
GET  desk_case                any        in      in      404    404   404   404   -
POST decide_case              any        in      in      404    404   404   404   303
GET  desk_decision            any        in      in      404    404   404   404   -
POST undo_decision            any        in      in      404    404   404   404   409
GET  desk_appeal              any        in      in      404    404   404   404   -
POST answer_appeal            any        in      in      404    404   404   404   409
GET  desk_reader              any        in      in      404    404   404   404   -
GET  desk_door                any        in      in      404    404   404   404   -
GET  desk_knock               any        in      in      404    404   404   404   -
POST answer_knock             any        in      in      404    404   404   404   -
GET  appeal                   any        400     400     400    400   400   400   -
POST do_appeal                any        400     400     400    400   400   400   -

POST block                    any        in      in      303    303   409   303   303
POST unblock                  any        in      in      303    303   303   303   303
GET  personal                 any        in      in      200    200   200   200   -
GET  ledger                   any        in      in      200    200   200   200   -
GET  user_settings            any        in      in      200    200   200   200   -
POST change_user_settings     any        in      in      302    302   302   302   302
GET  area                     any        in      in      200    200   200   200   -
POST choose_area              any        in      in      303    303   303   303   303
GET  away                     any        in      in      200    200   200   200   -
POST go_away                  any        in      in      303    303   303   303   303
POST come_back                any        in      in      303    303   303   303   303
GET  notices                  any        in      in      200    200   200   200   -
POST see_all_notices          any        in      in      303    303   303   303   303
GET  invitations              any        in      in      200    200   200   200   -
POST make_invitation          any        in      in      303    303   303   303   303
POST revoke_invitation        any        in      in      404    404   303   404   303
GET  session_list             any        in      in      200    200   200   200   -
POST end_other_sessions       any        in      in      302    302   302   302   302
GET  change_password          any        in      in      200    200   200   200   -
POST do_change_password       any        in      in      302    302   302   302   400
GET  change_email             any        in      in      200    200   200   200   -
POST do_change_email          any        in      in      302    302   302   302   302
GET  second_factor            any        in      in      200    200   200   200   -
POST turn_on_second_factor    any        in      in      400    400   400   400   -
POST turn_off_second_factor   any        in      in      400    400   400   400   -
POST renew_recovery_codes     any        in      in      400    400   400   400   -
GET  export                   any        in      in      200    200   200   200   -
POST do_export                any        in      in      200    200   200   200   200
GET  delete_account           any        in      in      200    200   200   200   -
POST do_delete_account        any        in      in      302    302   302   302   in

GET  register                 any        200     200     200    200   200   200   -
POST do_register              any        302     302     302    302   302   302   302
GET  waiting                  any        200     200     200    200   200   200   -
GET  look_into_mail           any        200     200     200    200   200   200   -
GET  login                    any        200     200     302    302   302   302   -
POST do_login                 any        400     400     400    400   400   400   -
GET  login_code               any        302     302     302    302   302   302   -
POST do_login_code            any        302     302     302    302   302   302   302
POST logout                   any        302     302     302    302   302   302   302
GET  reset_password           any        200     200     200    200   200   200   -
POST do_reset_password        any        302     302     302    302   302   302   302
GET  language                 any        200     200     200    200   200   200   -
POST choose_language          any        302     302     302    302   302   302   302

GET  confirm                  any        400     400     400    400   400   400   -
POST do_confirm               any        400     400     400    400   400   400   -
GET  set_password             any        400     400     400    400   400   400   -
POST do_set_password          any        400     400     400    400   400   400   -
GET  confirm_new_email        any        400     400     400    400   400   400   -
POST do_confirm_new_email     any        400     400     400    400   400   400   -
GET  take_back_email          any        400     400     400    400   400   400   -
POST do_take_back_email       any        400     400     400    400   400   400   -
GET  mail_off                 any        400     400     400    400   400   400   -
POST do_mail_off              any        400     400     400    400   400   400   -

GET  healthz                  any        200     200     200    200   200   200   -
GET  readyz                   any        503     503     503    503   503   503   -
GET  metrics                  any        404     404     404    404   404   404   -
GET  mailbox                  any        404     404     404    404   404   404   -
GET  manifest                 any        200     200     200    200   200   200   -
GET  favicon                  any        200     200     200    200   200   200   -
GET  service_worker           any        200     200     200    200   200   200   -
GET  offline                  any        200     200     200    200   200   200   -
GET  robots                   any        200     200     200    200   200   200   -
GET  well_known_change_password any      302     302     302    302   302   302   -
GET  book_card                any        200     200     200    200   200   200   -
GET  user_card                any        200     200     200    200   200   200   -
GET  site_card                any        200     200     200    200   200   200   -
GET  sitemap                  any        200     200     200    200   200   200   -
GET  sitemap_pages            any        200     200     200    200   200   200   -
GET  sitemap_books            any        200     200     200    200   200   200   -
GET  static                   any        200     200     200    200   200   200   -
"""
_SEES, _DOES, _WRONG = ("200", "200"), ("303", "303"), ("400", "400")
AT_THE_DESK = {
    **dict.fromkeys(("desk", "desk_reports", "desk_log", "desk_case", "desk_decision", "desk_appeal"), _SEES),
    **dict.fromkeys(("desk_door", "desk_knock"), _SEES),
    "answer_knock": _DOES,
    **dict.fromkeys(("desk_reader", "desk_complaints", "desk_economy", "desk_what_if", "new_place"), _SEES),
    **dict.fromkeys(("decide_case", "undo_decision", "answer_appeal"), _DOES),
    "settle_journey_line": _DOES,
    **dict.fromkeys(("add_place", "do_change_password", "do_change_email", "do_delete_account"), _WRONG),
    "turn_on_second_factor": ("302", "302"),
    "place_editions": ("404", "400"),
}
"""The cells of a moderator and of an operator where they differ from those of a reader without any part; what asks for
a password asks them for a code as well, which is not sent."""

"""`in`: redirected to the log-in. `again`: the status when a successful request is repeated; `-`: none succeeded, or it
changes nothing.

A link from a mail opens its page for anybody who has it; `x` is not valid. There is no search index, so the site is
not ready. `any` is tested in one of the states."""


@dataclass(frozen=True)
class Stage:
    """An exchange in a state; its asker also has a saved address and wishes for a book that its giver lists."""

    done: Exchange
    other: Exchange
    wished: str
    wish: int
    saved: int
    message: int
    """What the asker wrote to the giver."""
    decision: int
    """What a moderator decided about it."""
    appeal: int
    """An appeal against another decision."""
    invitation: int
    """An invitation of the giver."""
    knock: int
    """Somebody who waits to be let in."""
    copy: int
    """The copy that is exchanged."""
    mark: str
    """What is on its label."""
    station: int
    """The asker's station, or else the giver's, on its way."""
    line: int
    """A line of a visitor about it."""
    circle: str
    """A circle that the giver looks after, and in which the asker is."""
    circle_invitation: int
    """An invitation of the giver to it."""
    knocking: int
    """Who asks to be let into it."""
    title: int
    """A book that it wants to read."""

    def reader_in(self, role: str) -> int:
        """Return the reader who plays a role."""
        who: dict[str, Callable[[], int]] = {
            "unconfirmed": lambda: reader(0, confirmed=False),
            "reader": lambda: reader(1),
            "other": lambda: self.other.asker,
            "giver": lambda: self.done.giver,
            "asker": lambda: self.done.asker,
            "moderator": lambda: reader(1, role="moderator", **SECOND_FACTOR),
            "operator": lambda: reader(1, role="operator", **SECOND_FACTOR),
        }
        return who[role]()

    def values(self, endpoint: str) -> dict[str, object]:
        """Return the values for the placeholders of a URL."""
        of_copy = db.session.get_one(Gift, self.done.gift).book_id
        isbn = self.wished if endpoint == "web.redraw_from_wish" else Book.get_number(of_copy)
        if endpoint.endswith(("entry", "by_hand")):
            isbn = isbn13(90_000_000 + self.wish)
        id = self.done.giver
        if endpoint in ("web.work", "web.work_editions", "web.place_editions"):
            id = db.session.get_one(Book, of_copy).work_id
        if endpoint == "web.api_book_by_id":
            id = db.session.scalars(select(Book.id).where(Book.isbn == isbn)).one()
        cid = db.session.get_one(Gift, self.done.gift).copy_id
        ids = {
            "cid": cid,
            "gid": self.done.gift,
            "did": self.done.drift,
            "wid": self.wish,
            "aid": self.saved,
            "id": id,
            "pid": 1,
        }
        ids["id"] = self._other_ids().get(endpoint, id)
        return ids | {
            "kind": "message",
            "mark": self.mark,
            "copy": self.copy,
            "year": 2026,
            "act": "show",
            "outcome": "leave",
            "name": "about",
            "author": "x",
            "part": 1,
            "slug": self.circle,
            "deed": "let-in",
            "isbn": isbn,
            "token": "x",
            "scope": "any_edition",
            "filename": "style.css",
        }

    def _other_ids(self) -> dict[str, int]:
        """Return the ids in URLs that are about neither the exchange nor its giver, by endpoint."""
        return {
            **dict.fromkeys(("web.report", "web.do_report", "web.desk_case", "web.decide_case"), self.message),
            **dict.fromkeys(("web.desk_decision", "web.undo_decision"), self.decision),
            **dict.fromkeys(("web.desk_appeal", "web.answer_appeal"), self.appeal),
            **dict.fromkeys(("web.desk_knock", "web.answer_knock"), self.knock),
            "web.revoke_invitation": self.invitation,
            "web.change_journey": self.station,
            "web.change_member": self.knocking,
            **dict.fromkeys(("web.take_off_reading", "web.need_title"), self.title),
            "web.revoke_circle_invitation": self.circle_invitation,
            "web.settle_journey_line": self.line,
        }


def set_stage(state: str, ago: int = LATELY) -> Stage:
    """Store an exchange that has been in a state for a number of seconds."""
    lend_days = 30 if state in LOANS else None
    done, wished = exchange(state, now() - ago, lend_days=lend_days), book()
    grant_beans(done.asker, 1, f"rights-{done.asker}", now())
    copy_of(done.giver, wished, now())
    wish = wish_for(done.asker, wished, now())
    with db.auto_commit():
        keep_address(done.asker, THEIRS)
        if (drift := db.session.get_one(Drift, done.drift)).address:
            drift.address = seal_address(THEIRS)
    saved = db.session.scalars(select(Address.id).where(Address.user_id == done.asker)).one()
    message = _write(db.session.get_one(Drift, done.drift))
    other = exchange(state, now() - ago, lend_days=lend_days)
    decision = decide(None, "message", message, Verdict(Act.NOTHING, Ground.NO_BREACH), now())
    at_the_desk = decision, _appeal(other.giver), _invite(done.giver), knocking()
    return Stage(done, other, wished, wish, saved, message, *at_the_desk, *_label(done), *_circle(done))


def _label(done: Exchange) -> tuple[int, str, int, int]:
    copy = db.session.get_one(Copy, db.session.get_one(Gift, done.gift).copy_id)
    copy_id, mark = copy.id, make_mark()
    with db.auto_commit():
        db.session.get_one(Copy, copy_id).mark = mark
        db.session.add(line := JournalLine(copy_id=copy_id, words="in a train"))
        known = select(Station).where(Station.copy_id == copy_id, Station.reader_id == done.asker)
        if (station := db.session.scalar(known)) is None:
            db.session.add(station := Station(copy_id=copy_id, reader_id=done.giver, month="2027-01"))
    return copy_id, mark, station.id, line.id


def _circle(done: Exchange) -> tuple[str, int, int, int]:
    slug = found(done.giver, "Readers of a street", "", Door.OPEN, now())
    circle_id = db.session.scalars(select(Circle.id).where(Circle.slug == slug)).one()
    put_in(circle_id, done.asker)
    put_in(circle_id, asking := reader(0), MemberState.ASKED)
    invite_to_circle(done.giver, circle_id, 1, now())
    add_title(done.giver, circle_id, title := id_of(book()), now() + DAY, now())
    return slug, list_usable(circle_id, None, now())[0].id, asking, title


def _appeal(reader_id: int) -> int:
    limited = decide(None, "reader", reader_id, Verdict(Act.LIMIT, Ground.SPAM, until=now() + DAY), now())
    with db.auto_commit():
        db.session.add(made := Appeal(decision_id=limited, reader_id=reader_id, words=seal("why?")))
    return made.id


def _invite(reader_id: int) -> int:
    invite(reader_id, 1, now())
    return list_invitations(reader_id)[0].id


def _write(drift: Drift) -> int:
    with db.auto_commit():
        return add_message(drift, drift.asker_id, Draft("hello"), now()).id


ANOTHER = "another phrase 书"
FIELDS = {
    "web.make_labels": {"copies": "{copy}"},
    "web.do_journey": {"words": "seen by the sea {}"},
    "web.do_free_copy": {"words": "the shelf in the station"},
    "web.do_register": {"nickname": "somebody {}", "email": "new{}@example.org", "password": PASSWORD},
    "web.do_reset_password": {"email": "new{}@example.org"},
    "web.do_login": {"email": "nobody@example.org", "password": PASSWORD},
    "web.do_change_password": {"present": PASSWORD, "password": ANOTHER, "repeat": ANOTHER},
    "web.choose_language": {"language": "en"},
    "web.change_user_settings": {"nickname": "name {}", "locale": "en", "time_zone": "UTC", "ways": "meet"},
    "web.go_away": {"back": time.strftime("%Y-%m-%d", time.gmtime(now() + 2 * DAY)), "words": "by the sea"},
    "web.do_export": {"password": PASSWORD},
    "web.do_change_email": {"password": PASSWORD, "email": "another@example.org"},
    "web.do_delete_account": {"password": PASSWORD},
    "web.enter_book_by_hand": {"title": "海边"},
    "web.enter_new_book": {"title": "北风 {}"},
    "web.bring_books": {"text": "9787536692930"},
    "web.do_hand_over": {"code": "123456"},
    "web.write_to_thread": {"text": "hello {}"},
    "web.thank_for_drift": {"text": "thank you"},
    "web.do_complain": {"fault": "pages", "words": "torn"},
    "web.answer_complaint": {"answer": "disagree"},
    "web.do_report": {"reason": "spam"},
    "web.decide_case": {"act": "nothing", "ground": "no_breach"},
    "web.undo_decision": {"ground": "mistake"},
    "web.answer_appeal": {"answer": "keep"},
    "web.answer_knock": {"answer": "in"},
    "web.make_invitation": {"uses": "1"},
    "web.invite_into_circle": {"uses": "1"},
    "web.succeed_steward": {"answer": "yes"},
    "web.change_circle_rules": {"name": "Readers of a house", "door": "ask", "ways": "meet"},
    "web.add_to_reading": {"book": "{title}", "wanted_by": time.strftime("%Y-%m-%d", time.gmtime(now() + 9 * DAY))},
    "web.found_circle": {"name": "Readers of a house", "door": "ask"},
    "web.cancel_drift": {"reason": "gone"},
    "web.save_tracking": {"tracking": "SF1"},
    "web.change_drift_address": {"recipient": HOME.recipient, "phone": HOME.phone, "address": "another place"},
    "web.save_gift": {"condition": "good", "ways": "post", "audience": "everybody"},
    "web.save_to_gifts": {"condition": "good", "ways": "post", "audience": "everybody"},
    "web.post_drift": {"saved": "new", "recipient": HOME.recipient, "phone": HOME.phone, "address": "another place"},
}


@dataclass(frozen=True)
class Row:
    """A row of the table; `cells` by role."""

    method: str
    endpoint: str
    state: str
    cells: dict[str, str]
    again: str

    def path(self, app: Flask, stage: Stage) -> str:
        """Return the URL for this exchange."""
        [rule] = [rule for rule in app.url_map.iter_rules(self.endpoint) if self.method in rule.methods]
        values = {name: stage.values(self.endpoint)[name] for name in rule.arguments}
        return app.url_map.bind("localhost").build(self.endpoint, values, self.method)

    def fields(self, stage: Stage) -> dict[str, str]:
        """Return the fields to send, with unique values where those are needed."""
        fields = FIELDS.get(self.endpoint, {})
        return {name: text.format(stage.wish, copy=stage.copy, title=stage.title) for name, text in fields.items()}


def pages_by_role(app: Flask) -> dict[str, Role]:
    """Return the endpoints of views with `role_required`, each with its role."""
    views = app.view_functions.items()
    return {endpoint: view.required_role for endpoint, view in views if hasattr(view, "required_role")}


def read_table() -> list[Row]:
    """Return the rows of the table."""
    rows = []
    for line in TABLE.splitlines()[2:]:
        if line:
            method, name, state, *cells, again = line.split()
            endpoint = name if name == "static" else f"web.{name}"
            known = "accepted" if state == "any" else state
            cells += AT_THE_DESK.get(name, (cells[2], cells[2]))
            rows.append(Row(method, endpoint, known, dict(zip(ROLES, cells, strict=True)), again))
    return rows
