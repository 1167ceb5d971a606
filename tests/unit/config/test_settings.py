import pytest

from config import ConfigurationError, Development, Production, Testing, load_settings

SECRET = "x" * 32
PRODUCTION = {
    "FISHER_ENV": "production",
    "FISHER_SECRET_KEY": SECRET,
    "FISHER_FIELD_KEYS": "ZmlzaGVyLXRlc3Rpbmctb25seS1maWVsZC1rZXktMDA=",
    "FISHER_SITE_URL": "https://fisher.example",
}


def test_a_fresh_machine_needs_no_setting():
    settings = load_settings({"HOME": "/nowhere"})

    assert isinstance(settings, Development)
    assert settings.SQLALCHEMY_DATABASE_URI.startswith("sqlite:///")


def test_values_are_read_as_their_type():
    settings = load_settings(
        {
            "FISHER_ENV": "testing",
            "FISHER_BOOKS_PER_PAGE": "20",
            "FISHER_LOG_JSON": "yes",
            "FISHER_LANGUAGES": "en, zh",
        }
    )

    assert isinstance(settings, Testing)
    assert settings.BOOKS_PER_PAGE == 20
    assert settings.LOG_JSON is True
    assert settings.LANGUAGES == ("en", "zh")


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"FISHER_ENV": "staging"}, "staging"),
        ({"FISHER_BOOKS_PER_PAGE": "many"}, "FISHER_BOOKS_PER_PAGE"),
        ({"FISHER_BOOKS_PER_PAGE": "-1"}, "FISHER_BOOKS_PER_PAGE"),
        ({"FISHER_LOG_JSON": "perhaps"}, "FISHER_LOG_JSON"),
        ({"FISHER_BOOKS_PER_PAEG": "20"}, "FISHER_BOOKS_PER_PAEG"),
        ({"FISHER_ENV": "production"}, "FISHER_SECRET_KEY"),
        ({"FISHER_ENV": "production"}, "FISHER_SITE_URL"),
        (PRODUCTION | {"FISHER_SECRET_KEY": "short"}, "FISHER_SECRET_KEY"),
        ({"FISHER_ENV": "production"}, "FISHER_FIELD_KEYS"),
        (PRODUCTION | {"FISHER_FIELD_KEYS": "too short"}, "FISHER_FIELD_KEYS"),
        (PRODUCTION | {"FISHER_MAIL_BACKEND": "smtp"}, "FISHER_MAIL_FROM"),
        ({"FISHER_MAIL_BACKEND": "pigeon"}, "FISHER_MAIL_BACKEND"),
        ({"FISHER_LOG_LEVEL": "loud"}, "FISHER_LOG_LEVEL"),
        ({"FISHER_CACHE_TYPE": "shoebox"}, "FISHER_CACHE_TYPE"),
        ({"FISHER_LANGUAGES": ""}, "FISHER_LANGUAGES"),
        ({"FISHER_LANGUAGES": "zh,fr"}, "FISHER_LANGUAGES"),
        ({"FISHER_SMTP_SECURITY": "maybe"}, "FISHER_SMTP_SECURITY"),
    ],
)
def test_a_setting_that_can_not_be_used_is_refused_by_name(environ, named):
    with pytest.raises(ConfigurationError, match=named):
        load_settings(environ)


def test_production_starts_with_its_secrets_and_is_strict():
    settings = load_settings(PRODUCTION)

    assert isinstance(settings, Production)
    assert settings.as_flask_config()["SESSION_COOKIE_SECURE"] is True
    assert settings.HSTS_SECONDS > 0
    assert SECRET not in repr(settings)


def test_every_setting_says_what_it_means():
    for name, field in Development.__dataclass_fields__.items():
        if field.metadata:
            assert field.metadata["meaning"], name
