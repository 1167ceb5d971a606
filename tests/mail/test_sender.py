import pytest

from app.mail import account as mails
from app.mail.message import Mail, site_link, write_mail
from app.mail.sender import MailNotSent, compose, deliverable, make_message_id, send
from tests.mail.post_office import post_office
from tests.servers import free_port

LETTERS = {
    "confirm_email": ("token", 72), "already_registered": (), "reset_password": ("token", 30),
    "confirm_new_email": ("token", 72), "email_changed": ("token", 72), "password_changed": (),
    "second_factor_changed": (True,), "account_deleted": (),
    "let_in": ("welcome",), "turned_away": ("why", 30), "door_waits": (2,),
}  # fmt: skip


@pytest.fixture
def office(app_context):
    with post_office() as (office, port):
        app_context.config.update(MAIL_BACKEND="smtp", SMTP_PORT=port, SMTP_SECURITY="none", SMTP_TIMEOUT=1)
        app_context.config["MAIL_FROM"] = "鱼书 <fisher@site.example>"
        yield office


@pytest.mark.parametrize("name", LETTERS)
@pytest.mark.parametrize(("locale", "greeting"), [("en", "Dear 小王,"), ("zh", "小王，你好：")])
def test_every_mail_is_written_in_text_and_html_in_the_readers_language(app_context, name, locale, greeting):
    mail = getattr(mails, name)("wang@example.org", locale, "小王", *LETTERS[name])

    assert mail.subject
    assert mail.subject in mail.html
    assert f'lang="{locale}"' in mail.html
    assert greeting in mail.text
    assert greeting in mail.html
    assert ("http://127.0.0.1:5000/" in mail.text) == ("http://127.0.0.1:5000/" in mail.html)
    assert (locale == "zh") is any("\u4e00" <= letter <= "\u9fff" for letter in mail.subject)


def test_a_hostile_nickname_is_text_and_breaks_no_line(app_context):
    mail = mails.confirm_email("wang@example.org", "en", "<script>x</script>\r\nBcc: evil@example.org", "t", 1)
    message = compose(mail, "<1@site>")

    assert "<script>" not in mail.html
    assert message["Bcc"] is None
    assert message.keys().count("To") == 1


@pytest.mark.parametrize("field", ["to", "subject"])
def test_a_line_end_in_a_header_is_never_sent(app_context, field):
    values = {"to": "a@example.org", "subject": "s", "text": "t", "html": "h"}
    mail = Mail(**values | {field: "a@example.org\r\nBcc: evil@example.org"})

    with pytest.raises((ValueError, IndexError)):
        compose(mail, "<1@site>")


@pytest.mark.parametrize(
    ("site", "link"),
    [
        ("https://fisher.example", "https://fisher.example/login"),
        ("https://books.example:8443/fisher", "https://books.example:8443/fisher/login"),
    ],
)
def test_links_are_built_from_the_sites_own_address(app_context, site, link):
    app_context.config["SITE_URL"] = site

    assert site_link("web.login") == link
    with app_context.test_request_context(base_url="http://evil.example", headers={"X-Forwarded-Host": "evil.example"}):
        assert site_link("web.login") == link


def test_a_mail_that_can_be_turned_off_says_so_to_mail_programs(app_context):
    values = {"nickname": "n", "subject": "s", "paragraphs": [], "link": ""}
    mail = write_mail("account", "a@example.org", "en", "https://x/off", **values)
    message = compose(mail, "<1@site>")

    assert message["List-Unsubscribe"] == "<https://x/off>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_message_id_of_a_job_stays_the_same_and_tells_nothing(app_context):
    assert make_message_id(7, 1000) == make_message_id(7, 1000) != make_message_id(8, 1000)
    assert make_message_id(7, 1000).endswith("@127.0.0.1>")


@pytest.mark.parametrize("to", ["wang+fish@example.org", "读者@例子.中国"])
def test_a_mail_arrives_as_it_was_written(office, to):
    send(Mail(to, "《三体》有人想要", "正文\n", "<p>正文</p>"), "<1@site.example>")

    [mail] = office.mails
    assert mail["Subject"] == "《三体》有人想要"
    assert mail["Message-ID"] == "<1@site.example>"
    assert str(mail["From"]) == "鱼书 <fisher@site.example>"
    assert mail.get_body(("plain",)).get_content().strip() == "正文"
    assert "<p>正文</p>" in mail.get_body(("html",)).get_content()


@pytest.mark.parametrize(
    ("address", "domain"),
    [("li@faß.de", "xn--fa-hia.de"), ("li@例子.中国", "xn--fsqu00a.xn--fiqs8s"), ("li@Example.ORG", "example.org")],
)
def test_a_mail_goes_to_the_domain_that_the_reader_wrote_and_to_no_other(address, domain):
    assert deliverable(address).domain == domain


@pytest.mark.parametrize(
    ("mood", "said"),
    [("refuse", "550"), ("busy", "451"), ("sleep", "SMTPServerDisconnected"), ("drop", "SMTPServerDisconnected")],
)
def test_a_server_that_does_not_take_the_mail_is_reported_without_the_address(office, mood, said):
    office.mood = mood
    with pytest.raises(MailNotSent, match=said) as refusal:
        send(Mail("secret@example.org", "s", "t", "h"), "<1@site.example>")

    assert "secret" not in str(refusal.value)
    assert office.taken == []


def test_a_server_that_is_not_there_is_reported(office, app_context):
    app_context.config["SMTP_PORT"] = free_port()
    with pytest.raises(MailNotSent, match="ConnectionRefusedError"):
        send(Mail("a@example.org", "s", "t", "h"), "<1@site.example>")


def test_no_mail_is_sent_in_the_clear_when_encryption_is_asked_for(office, app_context):
    for security in ("starttls", "ssl"):
        app_context.config["SMTP_SECURITY"] = security
        with pytest.raises(MailNotSent):
            send(Mail("a@example.org", "s", "t", "h"), "<1@site.example>")
    assert office.taken == []


def test_the_file_backend_writes_one_file_a_mail_however_often_it_is_sent(app_context, tmp_path):
    for _ in range(2):
        send(Mail("a@example.org", "s", "t", "h"), "<1@site.example>")

    assert [path.name for path in (tmp_path / "mail").iterdir()] == ["1@site.example.eml"]
