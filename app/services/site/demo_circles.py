"""The circles of the demo: five of each kind and of each door, whose members come bit by bit."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from sqlalchemy import select

from app.models.base import db
from app.models.circle import ALL_WAYS, Circle, GiftCircle, Membership
from app.models.user import User
from app.rules.circle.circle import Door, MemberRole, MemberState
from app.rules.clock import DAY, HOUR
from app.rules.exchange.drift import Way
from app.rules.exchange.way import Terms
from app.services.circle.founding import CircleFacts, change_circle, found
from app.services.circle.invitation import invite_to_circle
from app.services.circle.joining import join_by_invitation, knock, leave
from app.services.circle.matches import WEEK
from app.services.circle.members import exclude, let_in, make_steward, turn_away
from app.services.circle.reading import add_title, need_title
from app.services.circle.stewarding import list_requests
from app.services.site.demo_loans import try_to

KINDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "同校的读者，教材和闲书都在这里传。",
        "期末了，教材请在放假前传给下一届。",
        ("东湖校区书架", "研三公寓漂书角", "夜校旧书角", "图书馆志愿者", "校刊编辑部"),
    ),
    (
        "同事之间，茶水间见面就能交书。",
        "书柜在茶水间，看完请放回，别带出公司太久。",
        ("十二楼茶水间", "云帆读书会", "印刷厂老友", "急诊科夜班书架", "设计部书柜"),
    ),
    (
        "一个院子里的邻居，书放门房就行。",
        "门房的书箱换到了左手边，钥匙在王师傅那里。",
        ("榆树街邻里", "梧桐苑三单元", "老纺织厂家属院", "Elm Street Readers", "河畔花园书友"),
    ),
    (
        "每月读一本，聊一晚上，书轮着看。",
        "下次聚会：月底周五晚上七点，老地方。",
        ("周五科幻之夜", "慢读社", "推理小组", "Poetry in the Park", "绘本爸妈"),
    ),
)
"""What holds the circles of one kind together: what they are about, their announcement, their names."""
WORDS = ["我住三单元，想一起看书。", "朋友介绍来的。", "Moved here last month, hello!", ""]
ROOM = 400
"""Most members of one circle, and how many a link lets in."""


class DemoCircles:
    """Founds the circles within the first half of the demo, and lets readers come, ask, leave and list for them."""

    def __init__(self, readers: int, days: int, seed: int) -> None:
        self.chance = Random(seed)  # noqa: S311 - no secret
        self.wanted = min(ROOM, max(4, readers // 10))
        self.days = days
        self.plan = [(kind, place) for place in range(5) for kind in range(len(KINDS))]
        self.stewards: dict[int, int] = {}
        self.doors: dict[int, Door] = {}
        self.links: dict[int, str] = {}

    def live_day(self, day: int, readers: Sequence[int], now: int) -> None:
        """Found the circles of this day, and let somebody join each of the others now and then."""
        while self.plan and len(self.stewards) <= 2 * len(KINDS) * 5 * day // self.days:
            self._found(*self.plan.pop(0), readers, now)
        for place, circle in enumerate(self.stewards):
            if (day + place) % 3 == 0 or self.chance.random() < 2 * self.wanted / self.days:
                self._join(circle, self.chance.choice(readers), now + HOUR)
            self._answer(circle, now + 5 * HOUR)
            others = self._members_of(circle)[:-1]
            if others and self.chance.random() < 0.4 / self.days:
                try_to(leave, others[0], circle, now + 6 * HOUR)

    def terms_for(self, giver: int, terms: Terms) -> Terms:
        """Return the terms of a copy: of those of members, some are for one of their circles alone, by its rules."""
        mine = select(Circle).join(Membership, Membership.circle_id == Circle.id).order_by(Circle.id)
        mine = mine.where(Membership.user_id == giver, Membership.state == MemberState.IN)
        circles = db.session.scalars(mine).all()
        if not circles or self.chance.random() < 0.7:
            return terms
        circle = self.chance.choice(circles)
        return replace(terms, circles=(circle.id,), lend_days=terms.lend_days if circle.lends else None)

    def find_asker(self, gift: int) -> int | None:
        """Return a member of a circle for which alone a copy is; None if it is for everybody."""
        inside = select(Membership.user_id).join(GiftCircle, GiftCircle.circle_id == Membership.circle_id)
        inside = inside.where(GiftCircle.gift_id == gift, Membership.state == MemberState.IN)
        members = db.session.scalars(inside.order_by(Membership.id)).all()
        return self.chance.choice(members) if members else None

    def finish(self, readers: Sequence[int], books: Sequence[int], now: int) -> None:
        """Leave the circles in the midst of their lives: doors closed, somebody asking, one without a steward."""
        for place, (circle, steward) in enumerate(self.stewards.items()):
            for week, book in enumerate(self.chance.sample(books, min(3, len(books)))):
                try_to(add_title, steward, circle, book, now + (2 + 3 * week) * WEEK, now)
                try_to(need_title, self.chance.choice(self._members_of(circle)), circle, book, now)
            door = self.doors[circle]
            others = [reader for reader in self._members_of(circle) if reader != steward]
            if place % 3 == 0 and others:
                try_to(make_steward, steward, circle, others[0], now)
                try_to(exclude, steward, circle, others[-1], now)
            if door is Door.CLOSED:
                self._say(circle, steward, door, now)
            elif door is Door.ASK:
                for number in range(3):
                    asker, words = self.chance.choice(readers), WORDS[number % len(WORDS)]
                    try_to(knock, asker, circle, words, now - number * DAY)
            if others and place % 5 == 1:
                try_to(invite_to_circle, others[0], circle, 5, now)
        last = list(self.stewards)[-1]
        try_to(leave, self.stewards[last], last, now)

    def _found(self, kind: int, place: int, readers: Sequence[int], now: int) -> None:
        about, _, names = KINDS[kind]
        steward = readers[(kind * 5 + place) % len(readers)]
        door = list(Door)[(kind + place) % len(Door)]
        first = Door.LINK if door is Door.CLOSED else door
        slug = found(steward, names[place], about, first, now)
        circle = db.session.scalars(select(Circle.id).where(Circle.slug == slug)).one()
        self.stewards[circle], self.doors[circle] = steward, door
        self.links[circle] = invite_to_circle(steward, circle, ROOM, now)
        self._say(circle, steward, first, now)

    def _say(self, circle: int, steward: int, door: Door, now: int) -> None:
        number = list(self.stewards).index(circle)
        about, announcement, names = KINDS[number % len(KINDS)]
        facts = CircleFacts(
            name=names[number // len(KINDS)],
            about=about,
            door=door,
            announcement=announcement if number % 5 != 2 else "",
            area=db.session.scalars(select(User.area).where(User.id == steward)).one(),
            listed=door is not Door.LINK,
            members_invite=number % 3 > 0,
            ways=f"{Way.POST} {Way.MEET}" if number % len(KINDS) == 1 else ALL_WAYS,
            lends=number % 7 != 3,
        )
        change_circle(steward, circle, facts, now)

    def _join(self, circle: int, reader: int, now: int) -> None:
        if len(self._members_of(circle)) >= self.wanted:
            return
        if self.doors[circle] in (Door.LINK, Door.CLOSED):
            try_to(join_by_invitation, reader, self.links[circle], now)
        else:
            try_to(knock, reader, circle, self.chance.choice(WORDS), now)

    def _answer(self, circle: int, now: int) -> None:
        for request in list_requests(circle):
            answer = turn_away if self.chance.random() < 0.15 else let_in
            try_to(answer, self.stewards[circle], circle, request.reader_id, now)

    def _members_of(self, circle: int) -> Sequence[int]:
        """Return the members of a circle, stewards last."""
        inside = select(Membership.user_id).where(Membership.circle_id == circle, Membership.state == MemberState.IN)
        return db.session.scalars(inside.order_by(Membership.role == MemberRole.STEWARD, Membership.id)).all()
