import os
import subprocess
import sys
from pathlib import Path

import pytest

from app import create_app
from config import ConfigurationError, Development, Production, Testing, load_settings

FISHER = Path(__file__).parents[3]
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
        (PRODUCTION | {"FISHER_METRICS_TOKEN": "guess"}, "FISHER_METRICS_TOKEN"),
        (PRODUCTION | {"FISHER_DEBUG": "yes"}, "FISHER_DEBUG"),
        (PRODUCTION | {"FISHER_TESTING": "yes"}, "FISHER_TESTING"),
        (PRODUCTION | {"FISHER_SITE_URL": "http://fisher.example"}, "FISHER_SITE_URL has to begin with https://"),
        ({"FISHER_DATABASE_POOL_SIZE": "0"}, "FISHER_DATABASE_POOL_SIZE"),
        ({"FISHER_CELERY_BROKER_URL": "127.0.0.1:6379"}, "FISHER_CELERY_BROKER_URL"),
        ({"FISHER_CELERY_BROKER_URL": "redis://127.0.0.1:port/1"}, "FISHER_CELERY_BROKER_URL"),
        ({"FISHER_CELERY_BROKER_URL": "pigeon://127.0.0.1"}, "FISHER_CELERY_BROKER_URL"),
        ({"FISHER_JOB_RUNNER": "celery", "FISHER_CELERY_BROKER_URL": ""}, "FISHER_CELERY_BROKER_URL"),
        ({"FISHER_MAIL_BACKEND": "pigeon"}, "FISHER_MAIL_BACKEND"),
        ({"FISHER_LOG_LEVEL": "loud"}, "FISHER_LOG_LEVEL"),
        ({"FISHER_CACHE_TYPE": "shoebox"}, "FISHER_CACHE_TYPE"),
        ({"FISHER_LANGUAGES": ""}, "FISHER_LANGUAGES"),
        ({"FISHER_LANGUAGES": "zh,fr"}, "FISHER_LANGUAGES"),
        ({"FISHER_SMTP_SECURITY": "maybe"}, "FISHER_SMTP_SECURITY"),
        ({"FISHER_SITE_URL": "books.example"}, "FISHER_SITE_URL has to begin with http:// or https://"),
        ({"FISHER_SITE_URL": "http://[books"}, "FISHER_SITE_URL"),
        ({"FISHER_SQLALCHEMY_DATABASE_URI": "mysql://fisher@127.0.0.1/x"}, "FISHER_SQLALCHEMY_DATABASE_URI"),
        ({"FISHER_DATABASE_REPLICA_URLS": "mysql+pymysql://a/b, sqlite:///c"}, "FISHER_DATABASE_REPLICA_URLS: each"),
        ({"FISHER_DATABASE_REPLICA_URLS": "mysql+pymysql://a/b"}, "FISHER_DATABASE_REPLICA_URLS: SQLite"),
        ({"FISHER_DATABASE_REPLICA_LAG": "1"}, "FISHER_DATABASE_REPLICA_LAG"),
        ({"FISHER_RATELIMIT_STORAGE_URI": "reddis://127.0.0.1"}, "FISHER_RATELIMIT_STORAGE_URI"),
        ({"FISHER_CACHE_TYPE": "RedisCache"}, "FISHER_CACHE_REDIS_URL"),
        ({"FISHER_CACHE_TYPE": "RedisCache", "FISHER_CACHE_REDIS_URL": "127.0.0.1"}, "FISHER_CACHE_REDIS_URL"),
        ({"FISHER_RATELIMIT_STORAGE_URI": "redis://:a#b@127.0.0.1/0"}, "FISHER_RATELIMIT_STORAGE_URI"),
        ({"FISHER_RATELIMIT_STORAGE_URI": "redis://:a%23b@127.0.0.1/limits"}, "FISHER_RATELIMIT_STORAGE_URI"),
        ({"FISHER_CACHE_REDIS_URL": "rediss://127.0.0.1/0?ssl_ca_certs=/no/such"}, "FISHER_CACHE_REDIS_URL"),
        ({"FISHER_CELERY_BROKER_URL": "rediss://127.0.0.1/0?ssl_cert_reqs=perhaps"}, "FISHER_CELERY_BROKER_URL"),
        ({"FISHER_TIME_ZONE": "Mars/Olympus"}, "FISHER_TIME_ZONE"),
        ({"FISHER_TIME_ZONE": "Asia"}, "FISHER_TIME_ZONE"),
        ({"FISHER_MAIL_FROM": "nobody"}, "FISHER_MAIL_FROM"),
        ({"FISHER_BOOKS_PER_PAGE": "0"}, "FISHER_BOOKS_PER_PAGE"),
        ({"FISHER_PASSWORD_HASH_MEMORY": "4"}, "FISHER_PASSWORD_HASH_MEMORY"),
    ],
)
def test_a_setting_that_can_not_be_used_is_refused_by_name(environ, named):
    with pytest.raises(ConfigurationError, match=named):
        load_settings(environ)


@pytest.mark.parametrize("rate", ["lots", "", "5 per fortnight", "0 per minute", "5 per minute; "])
@pytest.mark.parametrize("name", [name for name in Testing.__dataclass_fields__ if name.endswith("_RATE_LIMIT")])
def test_a_rate_that_can_not_be_read_is_refused_at_the_start(name, rate):
    with pytest.raises(ConfigurationError, match=f"FISHER_{name}="):
        create_app(Testing(**{name: rate}))


def test_an_address_of_a_database_that_can_not_be_read_is_refused_without_its_password():
    with pytest.raises(ConfigurationError, match="FISHER_SQLALCHEMY_DATABASE_URI") as refusal:
        create_app(Testing(SQLALCHEMY_DATABASE_URI="mysql+pymysql://fisher:geheim@127.0.0.1:port/fisher"))

    assert "geheim" not in str(refusal.value)


@pytest.mark.parametrize("command", [["run"], ["jobs", "run"], ["db", "upgrade"]])
def test_a_site_that_can_not_start_says_so_in_one_line(command):
    environ = {name: value for name, value in os.environ.items() if not name.startswith("FISHER_")}
    flask = [sys.executable, "-m", "flask", "--app", "fisher", *command]
    done = subprocess.run(
        flask, cwd=FISHER, env=environ | {"FISHER_ENV": "production"}, capture_output=True, text=True, timeout=60
    )

    assert done.returncode != 0
    assert done.stderr.splitlines() == [
        "Fisher can not start: production needs FISHER_SECRET_KEY, FISHER_FIELD_KEYS, FISHER_SITE_URL to be set"
    ]


@pytest.fixture
def production(tmp_path):
    """A function that makes a production site of its own folders, with other settings."""

    def production(**more):
        folders = {
            "FISHER_SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'fisher.db'}",
            "FISHER_SEARCH_INDEX_PATH": str(tmp_path / "search.db"),
            "FISHER_COVERS_PATH": str(tmp_path / "covers"),
            "FISHER_MAIL_FOLDER": str(tmp_path / "mail"),
        }
        return create_app(load_settings(PRODUCTION | folders | more))

    return production


@pytest.mark.parametrize("place", ["/proc", "{file}/below"], ids=["read-only", "below a file"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FISHER_COVERS_PATH", "{place}"),
        ("FISHER_SEARCH_INDEX_PATH", "{place}/search.db"),
        ("FISHER_MAIL_FOLDER", "{place}"),
        ("FISHER_SQLALCHEMY_DATABASE_URI", "sqlite:///{place}/fisher.db"),
    ],
)
def test_a_folder_that_can_not_be_written_to_is_refused_by_the_name_of_its_setting(
    production, tmp_path, name, value, place
):
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match=f"^{name}: .* can not be written to"):
        production(**{name: value.format(place=place.format(file=tmp_path / "file"))})


def test_production_warns_that_mails_go_to_files(production, capsys):
    production()
    assert "mails are written to files" in capsys.readouterr().err
    production(FISHER_MAIL_BACKEND="smtp", FISHER_MAIL_FROM="Fisher <fisher@fisher.example>")
    assert "mails are written to files" not in capsys.readouterr().err


def test_the_password_of_redis_is_not_named_when_its_address_is_refused():
    with pytest.raises(ConfigurationError, match="FISHER_CACHE_REDIS_URL") as refusal:
        load_settings({"FISHER_CACHE_REDIS_URL": "rediss://:geheim#@127.0.0.1/0"})

    assert "geheim" not in str(refusal.value)


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("redis://127.0.0.1/1", "redis://127.0.0.1/1"),
        ("rediss://:pass@127.0.0.1/1", "rediss://:pass@127.0.0.1/1?ssl_cert_reqs=required"),
        (
            "rediss://127.0.0.1/1?ssl_check_hostname=no",
            "rediss://127.0.0.1/1?ssl_check_hostname=no&ssl_cert_reqs=required",
        ),
        ("rediss://127.0.0.1/1?ssl_cert_reqs=none", "rediss://127.0.0.1/1?ssl_cert_reqs=none"),
    ],
)
def test_celery_verifies_the_certificate_of_its_broker_unless_told_not_to(given, used):
    assert load_settings({"FISHER_CELERY_BROKER_URL": given}).as_flask_config()["CELERY_BROKER_URL"] == used


def test_a_password_of_a_database_may_hold_any_letter():
    address = "mysql+pymysql://fisher:a:b#c@127.0.0.1/fisher"
    assert load_settings(PRODUCTION | {"FISHER_SQLALCHEMY_DATABASE_URI": address})


def test_production_starts_with_its_secrets_and_is_strict():
    settings = load_settings(PRODUCTION)

    assert isinstance(settings, Production)
    assert settings.as_flask_config()["SESSION_COOKIE_SECURE"] is True
    assert settings.HSTS_SECONDS > 0
    assert SECRET not in repr(settings)


def test_the_sites_address_may_end_with_a_slash():
    settings = load_settings(PRODUCTION | {"FISHER_SITE_URL": "https://fisher.example/books/"})

    assert settings.as_flask_config()["SITE_URL"] == "https://fisher.example/books"


def test_every_setting_says_what_it_means():
    for name, field in Development.__dataclass_fields__.items():
        if field.metadata:
            assert field.metadata["meaning"], name
