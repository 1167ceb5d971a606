"""Sending: to a mail server, or into a folder of `.eml` files."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy, Policy
from email.utils import formatdate, parseaddr
from hashlib import sha256
from pathlib import Path

from email_validator import validate_email
from flask import current_app

from app.mail.message import Mail, site_host


class _AsWritten(UnstructuredHeader, BaseHeader):
    """A header with a URL for programs: folded as text, a long one would be hidden in an encoded word."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
for _name in ("Message-ID", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post"):
    _HEADERS.map_to_type(_name, _AsWritten)
# Seven-bit bodies, because mail servers need not support 8BITMIME; lines of 76 characters because of RFC 2047.
_POLICY = EmailPolicy(linesep="\r\n", cte_type="7bit", max_line_length=76, header_factory=_HEADERS)


class MailNotSent(Exception):
    """The mail server could not be reached or refused the mail; the message contains no address."""


def send(mail: Mail, message_id: str) -> None:
    """Send one mail.

    :raises MailNotSent: it was not accepted; trying again later may help.
    """
    message = compose(mail, message_id)
    if current_app.config["MAIL_BACKEND"] == "smtp":
        _send_by_smtp(message)
    else:
        _write_file(message)


def make_message_id(job: int, created: int) -> str:
    """Return the Message-ID of a job's mail: the same at every attempt, so that receivers can drop duplicates."""
    mark = sha256(f"{current_app.config['SECRET_KEY']}:{job}:{created}".encode()).hexdigest()[:16]
    return f"<{job}.{created}.{mark}@{site_host()}>"


def compose(mail: Mail, message_id: str) -> EmailMessage:
    """Return the mail as an RFC 5322 message; a line break in a header raises ValueError."""
    to = deliverable(mail.to)
    # Mailbox names in any script are written unchanged (RFC 6532).
    message = EmailMessage(_POLICY.clone(utf8=not to.username.isascii()))
    message["From"] = _sender()
    message["To"] = to
    message["Subject"] = mail.subject
    message["Date"] = formatdate()
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    if mail.off_link:
        message["List-Id"] = f"<exchange.{site_host()}>"
        message["List-Unsubscribe"] = f"<{mail.off_link}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def _sender() -> Address:
    name, address = parseaddr(current_app.config["MAIL_FROM"])
    if address.isascii():
        return Address(name, addr_spec=address)
    there = deliverable(address)
    return Address(name, there.username, there.domain)


def deliverable(address: str) -> Address:
    """Return the address with its domain in ASCII, as mail servers need it.

    Follows RFC 5891; by the older rules of Python's own codec, `faß.de` would become `fass.de`.

    :raises ValueError: it is no address.
    """
    valid = validate_email(address, check_deliverability=False)
    return Address(username=valid.local_part, domain=str(valid.ascii_domain))


def ensure_reachable() -> None:
    """Log in at the mail server without sending anything.

    :raises MailNotSent: it is unreachable, or refuses us.
    """
    with _mail_server() as server:
        server.noop()


def _send_by_smtp(message: EmailMessage) -> None:
    with _mail_server() as server:
        server.send_message(message)


@contextmanager
def _mail_server() -> Iterator[smtplib.SMTP]:
    settings = current_app.config
    server: smtplib.SMTP | None = None
    try:
        server = _connect(settings["SMTP_HOST"], settings["SMTP_PORT"], settings["SMTP_TIMEOUT"])
        if settings["SMTP_USER"]:
            server.login(settings["SMTP_USER"], settings["SMTP_PASSWORD"])
        yield server
    except smtplib.SMTPRecipientsRefused as error:
        raise MailNotSent(f"recipient refused: {next(iter(error.recipients.values()))[0]}") from None
    except smtplib.SMTPResponseException as error:
        raise MailNotSent(f"{type(error).__name__}: {error.smtp_code}") from None
    except (smtplib.SMTPException, OSError) as error:
        raise MailNotSent(type(error).__name__) from None
    finally:
        if server is not None:
            # The server has accepted or refused the mail by now: a QUIT that fails must not send it again.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()


def _connect(host: str, port: int, timeout: int) -> smtplib.SMTP:
    security = current_app.config["SMTP_SECURITY"]
    if security == "ssl":
        return smtplib.SMTP_SSL(host, port, timeout=timeout, context=ssl.create_default_context())
    server = smtplib.SMTP(host, port, timeout=timeout)
    if security == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except BaseException:
            server.close()
            raise
    return server


def _write_file(message: EmailMessage) -> None:
    folder = Path(current_app.config["MAIL_FOLDER"])
    folder.mkdir(parents=True, exist_ok=True)
    # One file for each Message-ID, so that sending a mail twice leaves one file.
    path = folder / f"{message['Message-ID'].strip('<>').replace('/', '_')}.eml"
    draft = path.with_suffix(".tmp")
    draft.write_bytes(message.as_bytes())
    draft.replace(path)
