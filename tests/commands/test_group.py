import pytest

from tests.servers import free_port


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


class TestOutOfReach:
    @pytest.fixture
    def settings(self, settings):
        nowhere = f"mysql+pymysql://fisher:geheim@127.0.0.1:{free_port()}/fisher"
        return settings | {"SQLALCHEMY_DATABASE_URI": nowhere}

    @pytest.mark.parametrize("command", ["user list", "jobs run --once"])
    def test_a_database_that_does_not_answer_is_said_in_one_line(self, app, command):
        result = app.test_cli_runner().invoke(args=command.split())

        assert result.exit_code == 1
        assert result.output.startswith("Error: the database can not be reached: ")
        assert result.output.count("\n") == 1
        assert "geheim" not in result.output
