"""The nginx sample in deploy/, run unchanged except for ports, folders and the certificate."""

import http.client
import json
import os
import re
import socket
import ssl
import sys
import threading
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.servers import free_port, is_listening, program, running
from tests.web.server import ROOT

pytestmark = pytest.mark.slow

NAME = "books.example"
OWN = {"date", "server", "connection"}
"""Headers that differ between the servers."""
FORM = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 900"
HALF = f"POST /login HTTP/1.1\r\nHost: {NAME}\r\n{FORM}\r\n\r\nemail="
QUARTER = f"GET / HTTP/1.1\r\nHost: {NAME}\r\nAccept"


def sample():
    """Return the configuration that operators copy."""
    return (ROOT / "deploy" / "nginx.conf").read_text()


def write_certificate(folder):
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name.from_rfc4514_string(f"CN={NAME}")
    today = datetime.now(UTC)
    certificate = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    certificate = certificate.not_valid_before(today - timedelta(1)).not_valid_after(today + timedelta(1))
    certificate = certificate.add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
    pem, plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / "fullchain.pem").write_bytes(certificate.sign(key, hashes.SHA256()).public_bytes(pem))
    (folder / "privkey.pem").write_bytes(key.private_bytes(pem, plain, serialization.NoEncryption()))


@contextmanager
def nginx(folder, behind):
    """Run nginx in front of the port `behind`; yields the ports for http and https."""
    write_certificate(folder)
    plain, safe = free_port(), free_port()
    conf = re.sub(r"^ *listen \[::\].*\n", "", sample(), flags=re.MULTILINE)
    for theirs, ours in {
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ": f"listen 127.0.0.1:{safe} ",
        f"/etc/letsencrypt/live/{NAME}": str(folder),
        "127.0.0.1:8000": f"127.0.0.1:{behind}",
    }.items():
        assert theirs in conf, theirs
        conf = conf.replace(theirs, ours)
    user = "user root;\n" if os.geteuid() == 0 else ""
    paths = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy"))
    (folder / "nginx.conf").write_text(
        f"{user}daemon off;\npid {folder}/nginx.pid;\nevents {{}}\n"
        f"http {{\ninclude /etc/nginx/mime.types;\naccess_log off;\n{paths}{conf}}}\n"
    )
    command = [program("nginx"), "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    with running(command, folder / "nginx.log", lambda: is_listening(safe)):
        yield plain, safe


@contextmanager
def gunicorn(folder):
    """Run the site with one worker of four threads; yields its port."""
    port = free_port()
    variables = {
        "FISHER_ENV": "testing",
        "FISHER_SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'fisher.db'}",
        "FISHER_SEARCH_INDEX_PATH": str(folder / "search.db"),
        "FISHER_COVERS_PATH": str(folder / "covers"),
        "FISHER_MAIL_FOLDER": str(folder / "mail"),
        "FISHER_HSTS_SECONDS": "31536000",
        "FISHER_TRUSTED_PROXIES": "1",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "gunicorn", "--worker-class=gthread", "--workers=1", "--threads=4", "--timeout=60"]
    kept = os.environ.copy()
    os.environ.update(variables)
    try:
        log = folder / "gunicorn.log"
        with running([*command, f"--bind=127.0.0.1:{port}", "fisher:app"], log, lambda: is_answering(port)):
            yield port
    finally:
        os.environ.clear()
        os.environ.update(kept)


def is_answering(port):
    """Return whether the worker has loaded the application; the master listens before that."""
    try:
        return ask(port, "/healthz", timeout=1).status == 200
    except (OSError, http.client.HTTPException):
        return False


def connect(port, folder=None, timeout=10):
    """Open a connection, with TLS if the folder of a certificate is given."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=timeout)
    if folder:
        connection = ssl.create_default_context(cafile=folder / "fullchain.pem").wrap_socket(
            connection, server_hostname=NAME
        )
    return connection


def ask(port, path, folder=None, timeout=10, **headers):
    """Send a request to the host NAME and return the complete response."""
    lines = {"Host": NAME, "Connection": "close"} | {name.replace("_", "-"): text for name, text in headers.items()}
    with closing(connect(port, folder, timeout)) as connection:
        head = "".join(f"{name}: {text}\r\n" for name, text in lines.items())
        connection.sendall(f"GET {path} HTTP/1.1\r\n{head}\r\n".encode())
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        answer.body = answer.read()
        return answer


class Echo(BaseHTTPRequestHandler):
    """Responds with the headers that reached it."""

    def do_GET(self):
        body = json.dumps(dict(self.headers.items())).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words):
        pass


@pytest.fixture
def echo():
    with ThreadingHTTPServer(("127.0.0.1", free_port()), Echo) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def send_in_half(stack, port, folder=None):
    for number in range(40):
        connection = stack.enter_context(closing(connect(port, folder)))
        connection.sendall((HALF if number % 4 else QUARTER).encode())


def test_half_sent_requests_stall_gunicorn_alone_but_not_behind_nginx(tmp_path):
    with gunicorn(tmp_path) as site, nginx(tmp_path, site) as (_, safe):
        assert ask(safe, "/healthz", tmp_path).status == 200
        with ExitStack() as slow:
            send_in_half(slow, safe, tmp_path)
            for _ in range(20):
                assert ask(safe, "/healthz", tmp_path, timeout=8).status == 200
        with ExitStack() as slow:
            send_in_half(slow, site)
            with pytest.raises(TimeoutError):
                ask(site, "/healthz", timeout=2)


def test_who_is_too_slow_is_let_go(tmp_path, echo):
    with nginx(tmp_path, echo) as (_, safe), closing(connect(safe, tmp_path, timeout=60)) as slow:
        slow.sendall(HALF.encode())
        assert b"".join(iter(lambda: slow.recv(4096), b"")).partition(b"\r\n")[0] in (
            b"",
            b"HTTP/1.1 408 Request Time-out",
        )


def test_static_files_come_as_the_site_serves_them(tmp_path):
    def headers(answer):
        return {name.lower(): value for name, value in answer.getheaders() if name.lower() not in OWN}

    with gunicorn(tmp_path) as site, nginx(tmp_path, site) as (_, safe):
        page = ask(site, "/language").body.decode()
        files = sorted(set(re.findall(r'"(/static/[^"]+)"', page)))
        assert len(files) >= 4
        for file in files:
            for encoding in ("identity", "gzip", "br, gzip"):
                there, here = (
                    ask(port, file, folder, Accept_Encoding=encoding)
                    for port, folder in ((site, None), (safe, tmp_path))
                )
                assert headers(here) == headers(there), file
                assert here.body == there.body
                packed = encoding.split(",")[0] if not file.endswith(".png") and encoding != "identity" else None
                assert (here.status, here.getheader("Content-Encoding")) == (200, packed), file
            assert here.getheader("Cache-Control") == "max-age=31536000, public, immutable"
            assert here.getheader("X-Content-Type-Options") == "nosniff"
        assert ask(safe, "/static/../__init__.py", tmp_path).status in (400, 404)
        assert ask(safe, "/static/none.css", tmp_path).getheader("X-Content-Type-Options") == "nosniff"
        assert len(ask(safe, "/language", tmp_path).headers.get_all("Content-Security-Policy")) == 1


def test_what_a_client_says_about_itself_is_not_passed_on(tmp_path, echo):
    told = {"For": "9.9.9.9", "Proto": "http", "Host": "evil.example", "Port": "99", "Prefix": "/x"}
    lies = {f"X_Forwarded_{name}": lie for name, lie in told.items()}
    with nginx(tmp_path, echo) as (_, safe):
        heard = json.loads(ask(safe, "/", tmp_path, Forwarded="for=9.9.9.9", **lies).body)

    assert {name: text for name, text in heard.items() if name.startswith(("X-", "Forwarded"))} == {
        "X-Forwarded-For": "127.0.0.1",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": NAME,
    }


def test_who_comes_without_encryption_is_led_to_it(tmp_path, echo):
    with nginx(tmp_path, echo) as (plain, _):
        answer = ask(plain, "/book/search?q=1")

    assert (answer.status, answer.getheader("Location")) == (301, f"https://{NAME}/book/search?q=1")
