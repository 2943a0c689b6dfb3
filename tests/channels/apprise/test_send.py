from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from standfast.channels.apprise.send import open_apprise
from standfast.channels.contract import Outcome
from tests.channels.briefs import NOW, message


def _linger(connection: socket.socket) -> None:
    """Read what still comes: closing with bytes unread resets, and the answer may be lost."""
    connection.settimeout(30)
    with suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65_536):
            pass


@contextmanager
def server(answer: bytes, *, then: float = 0.0) -> Iterator[int]:
    """Sends an answer byte by byte to whoever asks; `then` waits between the bytes."""
    listener = socket.create_server(("127.0.0.1", 0))
    stopped = threading.Event()

    def serve() -> None:
        listener.settimeout(30)
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            connection.recv(65_536)
            for byte in answer:
                if stopped.wait(then):
                    return
                try:
                    connection.sendall(bytes([byte]))
                except OSError:
                    return
            _linger(connection)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        stopped.set()
        listener.close()
        thread.join()


def send(address: str, **settings: object) -> Outcome:
    async def run() -> Outcome:
        channel = open_apprise({"allow_private": True, "timeout": 30, **settings})
        try:
            (outcome,) = await channel.send_many([message(address=address)], now=NOW)
            return outcome
        finally:
            await channel.close()

    return asyncio.run(run())


def test_an_answer_that_drips_is_a_time_out_and_frees_its_thread() -> None:
    before = threading.active_count()
    with server(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + b"x" * 99, then=0.1) as port:
        outcome = send(f"json://127.0.0.1:{port}/hook", timeout=0.5)

    assert (outcome.result, outcome.detail) == ("temporary", "JSON: time-out")
    for thread in threading.enumerate():
        if thread.name.startswith("apprise"):
            thread.join(30)
    assert threading.active_count() <= before + 1


def test_a_redirect_asked_for_in_the_address_is_not_followed() -> None:
    answer = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    with server(answer) as port:
        outcome = send(f"json://127.0.0.1:{port}/hook?redirect=yes")

    assert outcome.result == "temporary"
    assert "302" in outcome.detail


def test_the_next_address_of_a_name_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    look_up = socket.getaddrinfo

    def both(host: str, *rest: Any, **options: Any) -> list[Any]:
        names = ("::1", "127.0.0.1") if host == "both.example" else (host,)
        return [place for name in names for place in look_up(name, *rest, **options)]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with server(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") as port:
        outcome = send(f"json://both.example:{port}/hook", timeout=5)

    assert outcome.result == "sent", outcome.detail
