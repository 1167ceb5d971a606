"""A development site serves its own machine only, because its secrets are public."""

import ipaddress

import click
from flask import Flask, request
from flask.typing import ResponseReturnValue

from config import ConfigurationError

REFUSAL = "a development site answers on this machine only, not on {}: everybody knows its secrets"
FLAG = "FISHER_SERVE_OTHERS=yes allows it"


def init_app(app: Flask) -> None:
    """Refuse to listen on any other address, under whichever server, unless SERVE_OTHERS is set.

    :raises ConfigurationError: `flask run` is told to serve others.
    """
    if app.config["ENVIRONMENT"] != "development" or app.config["SERVE_OTHERS"]:
        return
    command = click.get_current_context(silent=True)
    host = command.params.get("host") if command is not None else None
    if host and not is_loopback(host):
        raise ConfigurationError(f"{REFUSAL.format(host)}; {FLAG}")
    app.before_request(_refuse_others)


def is_loopback(host: str) -> bool:
    """Return whether an address or host name can only be reached from this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refuse_others() -> ResponseReturnValue | None:
    # The address that the server listens on (PEP 3333), not the requested host.
    if is_loopback(str(request.environ["SERVER_NAME"])):
        return None
    return f"{REFUSAL.format('others')}; {FLAG}\n", 403, {"Content-Type": "text/plain"}
