import pytest
from cryptography.fernet import Fernet, InvalidToken

from app.models.base import db
from app.models.encrypted import reseal, seal, unseal
from app.models.user import User
from tests.factories import UserFactory


def test_what_is_sealed_is_unreadable_and_comes_back_whole(app_context):
    sealed = seal("上海市长乐路 1 号")

    assert "上海" not in sealed
    assert unseal(sealed) == "上海市长乐路 1 号"
    assert seal("x") != seal("x")


def test_an_encrypted_column_is_read_as_it_was_written(app_context):
    user = UserFactory(totp_secret="KEY")
    db.session.expire_all()

    assert db.session.get(User, user.id).totp_secret == "KEY"
    assert db.session.connection().exec_driver_sql("SELECT totp_secret FROM user").scalar() != "KEY"
    user.totp_secret = None
    db.session.commit()
    assert user.totp_secret is None


def test_a_new_key_in_front_reads_what_the_old_one_wrote(app_context):
    old = app_context.config["FIELD_KEYS"]
    sealed = seal("x")
    app_context.config["FIELD_KEYS"] = (Fernet.generate_key().decode(), *old)
    renewed = reseal(sealed)
    assert unseal(sealed) == unseal(renewed) == "x"

    app_context.config["FIELD_KEYS"] = app_context.config["FIELD_KEYS"][:1]
    assert unseal(renewed) == "x"
    with pytest.raises(InvalidToken):
        unseal(sealed)


def test_a_changed_text_is_not_taken(app_context):
    sealed = seal("x")
    with pytest.raises(InvalidToken):
        unseal(sealed[:-4] + "AAA=")
