"""deploy/Containerfile and deploy/compose.yml: what they name exists, and is what systemd and nginx have."""

import dataclasses
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from celery.bin.celery import celery as celery_command

from config import Production
from tests.web.server import ROOT

DEPLOY = ROOT / "deploy"
CONTAINERFILE = re.sub(r"\\\n", " ", (DEPLOY / "Containerfile").read_text(encoding="utf-8"))
COMPOSE = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
SAMPLE = dict(
    line.split("=", 1)
    for line in (DEPLOY / "env.sample").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
)
SERVICES = COMPOSE["services"]
OURS = sorted(name for name, service in SERVICES.items() if service["image"] == "fisher")
FIELD_KEY = "ZmlzaGVyLXRlc3Rpbmctb25seS1maWVsZC1rZXktMDA="


def instructions(name):
    return re.findall(rf"^{name} +(.*)$", CONTAINERFILE, re.MULTILINE)


def copied():
    """Return the files of the project that the image is made of, without what a stage copies from another one."""
    return sorted({word for line in instructions("COPY") if "--from" not in line for word in line.split()[:-1]})


def commands(service):
    words = SERVICES[service].get("command") or json.loads(instructions("CMD")[0])
    return [shlex.split(part) for part in words[2].split("&&")] if words[:2] == ["sh", "-c"] else [words]


def ports(text):
    return set(re.findall(r"(?:0\.0\.0\.0|127\.0\.0\.1):(\d+)", text))


def test_what_is_copied_into_the_image_is_there():
    assert {"app", "config", "migrations", "fisher.py"} <= set(copied())
    assert [word for word in copied() if not (ROOT / word).exists()] == []


def test_the_account_is_unprivileged_and_images_come_from_no_particular_registry():
    number, name = re.search(r"useradd --uid (\d+) .*?(\w+)$", CONTAINERFILE, re.MULTILINE).groups()
    assert (instructions("USER"), int(number) > 1000) == ([name], True)
    images = [service["image"] for service in SERVICES.values()] + instructions("ARG")[0].split("=")[1:]
    assert [image for image in images if "/" in image] == []


@pytest.mark.parametrize("service", OURS)
def test_what_a_service_runs_exists(service, app):
    for program, *words in commands(service):
        assert (Path(sys.executable).parent / program).exists()
        if program == "gunicorn":
            assert (ROOT / words[-1]).is_file()
            continue
        command = {"flask": app.cli, "celery": celery_command}[program]
        for word in (word for word in words if not word.startswith(("-", "fisher", "/"))):
            command = command.get_command(None, word)
            assert command, word


def test_services_run_what_the_units_of_systemd_run():
    units = "\n".join(path.read_text() for path in (DEPLOY / "systemd").glob("*.service"))
    for service in ("web", "jobs", "clock"):
        (command,) = commands(service)
        assert f"/.venv/bin/{shlex.join(command)}\n" in units


def test_each_service_can_write_to_its_volume_only_and_has_no_more_rights_than_it_needs():
    for name in OURS:
        service = SERVICES[name]
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"]), name
        assert {volume.split(":")[0] for volume in service["volumes"]} <= set(COMPOSE["volumes"])
    assert "/srv/fisher/instance" in instructions("VOLUME")


def test_every_setting_exists_and_a_filled_in_sample_starts_a_site():
    fields = {f"FISHER_{field.name}" for field in dataclasses.fields(Production)} | {"FISHER_ENV"}
    of_image = dict(part.split("=", 1) for line in instructions("ENV") for part in shlex.split(line))
    given = of_image | SAMPLE | COMPOSE["x-fisher"]["environment"]
    ours = {name: value for name, value in given.items() if name.startswith("FISHER_")}

    assert [name for name in ours if name not in fields] == []
    assert SAMPLE["FISHER_SECRET_KEY"] == SAMPLE["FISHER_FIELD_KEYS"] == SAMPLE["DATABASE_PASSWORD"] == ""
    Production.from_environment(ours | {"FISHER_SECRET_KEY": "s" * 40, "FISHER_FIELD_KEYS": FIELD_KEY})
    wanted = set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yml").read_text()))
    assert wanted <= set(SAMPLE)


def test_ports_health_and_time_to_end_are_those_of_nginx_and_systemd(app):
    web = SERVICES["web"]
    test = web["healthcheck"]["test"][-1]
    path = re.search(r"http://127\.0\.0\.1:\d+(/\w+)", test)[1]
    everywhere = [web["ports"][0], test, "".join(instructions("ENV")), (DEPLOY / "nginx.conf").read_text()]

    assert [ports(text) for text in everywhere] == [set(instructions("EXPOSE"))] * 4
    assert path == "/healthz"
    assert app.test_client().get(path).status_code == 200
    limit = re.search(r"TimeoutStopSec=(\d+)", (DEPLOY / "systemd" / "fisher-web.service").read_text())[1]
    assert web["stop_grace_period"] == f"{limit}s"


@pytest.mark.slow
def test_a_site_needs_nothing_of_the_project_but_what_the_image_has(tmp_path):
    for word in copied():
        source, place = ROOT / word, tmp_path / word
        place.parent.mkdir(exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, place)
    flask = [sys.executable, "-m", "flask", "--app", "fisher"]
    for words in (["db", "upgrade"], ["areas", "load"], ["search", "update"]):
        told = subprocess.run([*flask, *words], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert told.returncode == 0, told.stderr
    gunicorn = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.py", "--check-config"]
    told = subprocess.run(gunicorn, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
