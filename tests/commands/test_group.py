import pytest


@pytest.fixture
def settings(settings, tmp_path):
    return settings | {"SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'new.db'}"}


@pytest.mark.parametrize(
    "command",
    ["search update", "search build", "books starter", "books export", "jobs list", "jobs run", "user list"],
)
def test_a_database_that_was_never_migrated_is_said_with_what_mends_it(app, command):
    result = app.test_cli_runner().invoke(args=command.split())

    assert result.exit_code == 1
    assert "flask --app fisher db upgrade" in result.output
    assert "Traceback" not in result.output
