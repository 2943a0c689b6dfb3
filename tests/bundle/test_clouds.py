"""Object stores: a real S3 server, one that says no, and one that never answers."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from standfast.bundle import store as store_module
from standfast.bundle.checking import check_site
from standfast.bundle.errors import Missing, StoreError
from standfast.bundle.keys import public_text
from standfast.bundle.manifest import MANIFEST
from standfast.bundle.store import Store
from standfast.bundle.writing import write_site
from standfast.cli.listening import free_port
from standfast.edge.backup.loading import load
from tests.bundle.sites import KEY, NOW, draft, prepared, written


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """moto's S3 server in a process of its own, with the bucket “status”."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_answering(port, server)
        bucket = urllib.request.Request(f"{address}/status", method="PUT")
        urllib.request.urlopen(bucket, timeout=60).close()
        yield address
    finally:
        server.terminate()
        server.wait(60)


def wait_until_answering(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def use(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")


@pytest.mark.slow
def test_a_bundle_lives_in_a_bucket(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    use(s3, monkeypatch)
    store = Store("s3://status/public")
    write_site(store, prepared())
    write_site(store, prepared(draft(sequence=2), {"index.html": b"<p>second</p>" * 99}))
    report = check_site(store, trusted={public_text(KEY)}, now=NOW)
    assert report.is_good, report.findings
    assert {path.split("/")[0] for path in store.list("")} == {
        "index.html",
        "index.html.br",
        "index.html.gz",
        "manifest.json",
        "_bundle",
    }
    site = load(store, prefix="", trusted={public_text(KEY)})
    served = site.find("/index.html")
    assert served is not None
    assert served.answer(b"GET", []).body == b"<p>second</p>" * 99
    assert store.stamp("manifest.json") != store.stamp("index.html")
    attributes = store._store.get("index.html").attributes
    assert attributes["Content-Type"] == "text/html; charset=utf-8"
    assert "max-age" in attributes["Cache-Control"]
    with pytest.raises(Missing):
        store.get("nothing.html")


@pytest.mark.slow
def test_a_bucket_that_is_not_there_is_named(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    use(s3, monkeypatch)
    with pytest.raises(StoreError, match=r"s3://nowhere/.*: there is no such bucket\."):
        write_site(Store("s3://nowhere/x"), prepared())


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


def test_a_bundle_on_any_static_server_can_be_verified_from_far(tmp_path: Path) -> None:
    written(tmp_path)
    with serving(partial(Quiet, directory=str(tmp_path))) as address:
        store = Store(address)
        report = check_site(store, trusted={public_text(KEY)}, now=NOW)
        assert report.is_good, report.findings
        (tmp_path / "index.html").write_text("changed")
        again = check_site(store, trusted={public_text(KEY)}, now=NOW)
        assert [each.kind for each in again.findings if each.level == "fail"] == ["tampered"]


def authority_and_server(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """The certificate file of an authority of our own, and a server's that it has signed."""
    authority_key, server_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    us, here = (
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("us", "localhost")
    )

    def certificate(
        subject: x509.Name, key: ec.EllipticCurvePrivateKey, of: x509.ExtensionType
    ) -> bytes:
        now = datetime.now(UTC)
        made = x509.CertificateBuilder(us, subject, key.public_key(), x509.random_serial_number())
        made = made.not_valid_before(now - timedelta(days=1))
        made = made.not_valid_after(now + timedelta(days=1)).add_extension(of, critical=False)
        signed = made.sign(authority_key, hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.PEM)

    file, chain = folder / "authority.pem", folder / "server.pem"
    file.write_bytes(certificate(us, authority_key, x509.BasicConstraints(True, None)))
    name = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    secret = server_key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    chain.write_bytes(certificate(here, server_key, name) + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return file, context


def test_a_certificate_is_checked_and_an_authority_of_ones_own_can_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path / "site")
    authority, context = authority_and_server(tmp_path)
    monkeypatch.setattr(store_module, "RETRIES", 0)
    with serving(partial(Quiet, directory=str(tmp_path / "site")), tls=context) as address:
        there = address.replace("http://127.0.0.1", "https://localhost")
        with pytest.raises(StoreError, match="certificate is not trusted here; SSL_CERT_FILE"):
            Store(there).get(MANIFEST)
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        report = check_site(Store(there), trusted={public_text(KEY)}, now=NOW)
        assert report.is_good, report.findings
        with pytest.raises(StoreError, match="certificate is not trusted here"):
            Store(there.replace("localhost", "127.0.0.1")).get(MANIFEST)


class Refusing(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        # A socket closed with bytes unread resets, and the answer may be lost.
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
        self.send_response(403)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_PUT = do_HEAD = do_DELETE = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextmanager
def serving(
    handler: Callable[..., BaseHTTPRequestHandler], *, tls: ssl.SSLContext | None = None
) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_denied_bucket_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Refusing) as endpoint:
        use(endpoint, monkeypatch)
        with pytest.raises(StoreError, match="Access is denied; check the credentials"):
            write_site(Store("s3://status/x"), prepared())


def test_a_store_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "REQUEST_SECONDS", 0.5)
    monkeypatch.setattr(store_module, "RETRIES", 0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        use(f"http://127.0.0.1:{silent.getsockname()[1]}", monkeypatch)
        began = time.monotonic()
        with pytest.raises(StoreError, match="did not answer in time"):
            write_site(Store("s3://status/x"), prepared())
        assert time.monotonic() - began < 30
