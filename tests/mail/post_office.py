"""A real mail server on loopback that can be made to misbehave."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers import free_port


class PostOffice:
    """Keeps the mails that it accepted; `mood` is what happens to the next ones: take, refuse, busy, sleep or drop."""

    def __init__(self) -> None:
        self.mood = "take"
        self.taken: list[bytes] = []

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.mood == "refuse":
            return "550 no such mailbox here"
        if self.mood == "sleep":
            await asyncio.sleep(5)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.mood == "busy":
            return "451 try again later"
        self.taken.append(envelope.content)
        return "250 taken"

    @property
    def mails(self):
        return [message_from_bytes(content, policy=policy.default) for content in self.taken]


class Dropping(SMTP):
    """Closes the connection in the middle of DATA when the mood is `drop`."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if self.event_handler.mood == "drop":
            await self.push("354 go on")
            await self._reader.readline()
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class PostOfficeController(Controller):
    def factory(self) -> SMTP:
        return Dropping(self.handler, enable_SMTPUTF8=True, hostname="post.example")


@contextmanager
def post_office(port: int | None = None) -> Iterator[tuple[PostOffice, int]]:
    """Run the server until the block ends."""
    office = PostOffice()
    controller = PostOfficeController(office, hostname="127.0.0.1", port=port or free_port())
    controller.start()
    try:
        yield office, controller.port
    finally:
        controller.stop()
