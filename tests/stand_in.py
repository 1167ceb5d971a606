"""A stand-in catalogue on a loopback port, which can respond correctly, wrongly, slowly, or not at all."""

import json
import random
import socket
import socketserver
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

Behaviour = Callable[["Call"], None]


@dataclass
class Call:
    """One request, and the connection for the response."""

    path: str
    params: dict[str, str]
    headers: dict[str, str]
    connection: socket.socket = field(repr=False)
    closing: threading.Event = field(repr=False)

    def send(self, payload: bytes) -> None:
        with suppress(OSError):
            self.connection.sendall(payload)


def answer(body: Any, status: int = 200, content_type: str = "application/json", **headers: str) -> Behaviour:
    """Respond with JSON, or with text or bytes unchanged; `Retry_After="5"` adds a header."""
    raw = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(raw)}"]
    lines += [f"Content-Type: {content_type}"] if content_type else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return lambda call: call.send("\r\n".join([*lines, "", ""]).encode() + raw)


UNKNOWN_BOOK = answer({"code": 6000, "msg": "book_not_found"}, 404)


def redirect(location: str) -> Behaviour:
    return answer("", 302, "text/plain", Location=location)


def hang(call: Call) -> None:
    call.closing.wait(20)


def close(call: Call) -> None:
    with suppress(OSError):
        call.connection.shutdown(socket.SHUT_RDWR)


def drip_head(call: Call) -> None:
    for byte in b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Slow: " + b"z" * 100:
        call.send(bytes([byte]))
        if call.closing.wait(0.2):
            return


def drip_body(call: Call) -> None:
    call.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n")
    for _ in range(500):
        call.send(b"[")
        if call.closing.wait(0.2):
            return


def break_off(call: Call) -> None:
    call.send(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"title": "half')


def after(seconds: float, then: Behaviour) -> Behaviour:
    def wait(call: Call) -> None:
        call.closing.wait(seconds)
        then(call)

    return wait


class StandIn:
    """A server for a `with` block. `calls` are the requests in order; `behave` can be changed at any time."""

    def __init__(self, behave: Behaviour) -> None:
        self.behave = behave
        self.calls: list[Call] = []
        self.connections = 0
        self._closing = threading.Event()
        self._server = self._listen()
        self.port = self._server.server_address[1]
        self.host = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.host}"

    def _listen(self) -> socketserver.ThreadingTCPServer:
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                outer.connections += 1
                outer.serve(self.request)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            block_on_close = False
            request_queue_size = 200

            def handle_error(self, request: Any, client_address: Any) -> None:
                """Ignore errors, because clients that disconnect are part of the tests."""

        # Ports from 32768 on are used at random by outgoing connections.
        for port in random.sample(range(20_000, 32_000), 50):
            with suppress(OSError):
                return Server(("127.0.0.1", port), Handler)
        raise RuntimeError("no free port between 20000 and 32000")

    def serve(self, connection: socket.socket) -> None:
        """Respond to the requests of one connection until it is closed."""
        connection.settimeout(20)
        with suppress(OSError), connection.makefile("rb") as lines:
            while line := lines.readline(70_000):
                target = urlsplit(line.split()[1].decode())
                head = iter(lambda: lines.readline(70_000).decode().strip(), "")
                headers = {name.lower(): value.strip() for name, _, value in (item.partition(":") for item in head)}
                params = {name: values[0] for name, values in parse_qs(target.query).items()}
                call = Call(target.path, params, headers, connection, self._closing)
                self.calls.append(call)
                self.behave(call)
                if self.behave in {hang, drip_head, drip_body, break_off}:
                    with suppress(OSError):
                        connection.shutdown(socket.SHUT_RDWR)
                    return

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def let_go(self) -> None:
        """Let those that hang or drip come to their end."""
        self._closing.set()

    def __exit__(self, *_: object) -> None:
        self.let_go()
        self._server.shutdown()
        self._server.server_close()
        time.sleep(0)


def routes(table: dict[str, Behaviour], otherwise: Behaviour | None = None) -> Behaviour:
    """Choose the behaviour by path; other paths give 404 by default."""
    missing = otherwise or answer("<h1>Not Found</h1>", 404, "text/html")
    return lambda call: table.get(call.path, missing)(call)
