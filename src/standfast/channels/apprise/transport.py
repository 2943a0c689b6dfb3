"""What Apprise's services call instead of the module `requests`: guarded, limited, no redirects.

Apprise has no door for a transport of one's own, so this takes the place of that module in each
service that is used. It knows which message is on its way by the thread, looks up names itself and
connects to just the addresses that it checked, reads the beginning of an answer, and keeps what the
answer was, which Apprise only tells as yes or no.
"""

from __future__ import annotations

import socket
import ssl
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from time import monotonic
from typing import Any, Final

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from standfast.channels import details
from standfast.channels.contract import PermanentFailure, TemporaryFailure
from standfast.channels.outgoing.client import READ_LIMIT, Answer
from standfast.channels.outgoing.guard import Guard


@dataclass(slots=True)
class Call:
    """One message on its way: what it may reach, until when, and what came of it."""

    guard: Guard
    timeout: float
    answer: Answer | None = None
    failure: PermanentFailure | TemporaryFailure | None = None
    _ends: float = 0.0
    _sockets: list[socket.socket] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ends = monotonic() + self.timeout

    @property
    def left(self) -> float:
        """The seconds that are left; a little when none are, so that what waits fails at once."""
        return max(self._ends - monotonic(), 0.01)

    @property
    def is_over(self) -> bool:
        """Whether its time is up."""
        return monotonic() >= self._ends

    def connect(self, host: str, port: int) -> socket.socket:
        """Connect to an address of `host` that may be reached."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError:
            self.failure = TemporaryFailure(details.UNKNOWN_NAME % {"host": host})
            raise
        places = list(dict.fromkeys(str(place[0]) for *_, place in found))
        for place in places:
            try:
                self.guard.check(host, place)
            except PermanentFailure as failure:
                self.failure = failure
                raise OSError(failure.detail) from None
        sock = self._connected(places, port)
        self._sockets.append(sock)
        return sock

    def _connected(self, places: list[str], port: int) -> socket.socket:
        """Connected to the first of the addresses that answers; each has its share of the time."""
        *others, last = places
        for waiting, place in zip(range(len(places), 1, -1), others, strict=True):
            try:
                return socket.create_connection((place, port), timeout=self.left / waiting)
            except OSError:
                continue
        return socket.create_connection((last, port), timeout=self.left)

    def give_up(self) -> None:
        """Wake whoever still waits for an answer; it finds its connection closed."""
        for sock in self._sockets:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


#: The call that this thread is making.
CALL: Final[ContextVar[Call]] = ContextVar("call")


class _Plain(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return CALL.get().connect(self.host, self.port or 80)


class _Secure(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return CALL.get().connect(self.host, self.port or 443)

    def connect(self) -> None:
        try:
            super().connect()
        except ssl.SSLCertVerificationError:
            CALL.get().failure = TemporaryFailure(details.BAD_CERTIFICATE % {"host": self.host})
            raise


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class GuardedRequests:
    """The same names as `requests`; what it does not do itself, such as its errors, is the real's.

    Of the options that a service gives, those that would weaken the rules are left aside: every
    certificate is checked, no redirect is followed, no proxy of the environment is asked.
    """

    def __init__(self, real: Any) -> None:
        self._real = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def request(self, method: str, url: str, **options: Any) -> Any:
        """One request of the call of this thread. Raises the errors of `requests`."""
        call = CALL.get()
        options |= {
            "timeout": (call.left, call.left),
            "verify": True,
            "allow_redirects": False,
            "stream": True,
        }
        with self._real.Session() as session:
            session.trust_env = False
            for scheme in ("http://", "https://"):
                session.mount(scheme, _adapter(self._real))
            response = session.request(method, url, **options)
            body = bytearray()
            while len(body) < READ_LIMIT:
                chunk = response.raw.read1(READ_LIMIT - len(body), decode_content=True)
                if not chunk:
                    break
                body += chunk
            response._content = bytes(body)
            response._content_consumed = True
        call.answer = Answer(response.status_code, response.headers, bytes(body))
        return response

    def get(self, url: str, **options: Any) -> Any:
        """Like `requests.get`."""
        return self.request("GET", url, **options)

    def post(self, url: str, data: Any = None, json: Any = None, **options: Any) -> Any:
        """Like `requests.post`."""
        return self.request("POST", url, data=data, json=json, **options)

    def put(self, url: str, data: Any = None, **options: Any) -> Any:
        """Like `requests.put`."""
        return self.request("PUT", url, data=data, **options)

    def patch(self, url: str, data: Any = None, **options: Any) -> Any:
        """Like `requests.patch`."""
        return self.request("PATCH", url, data=data, **options)

    def delete(self, url: str, **options: Any) -> Any:
        """Like `requests.delete`."""
        return self.request("DELETE", url, **options)

    def head(self, url: str, **options: Any) -> Any:
        """Like `requests.head`."""
        return self.request("HEAD", url, **options)


@cache
def _trust() -> ssl.SSLContext:
    """The machine's authorities, as of the other channels; `requests` adds a list of its own."""
    return ssl.create_default_context()


def _adapter(real: Any) -> Any:
    class Adapter(real.adapters.HTTPAdapter):  # type: ignore[misc]  # known at run time only
        def init_poolmanager(self, *sizes: Any, **options: Any) -> None:
            super().init_poolmanager(*sizes, **options, ssl_context=_trust())
            manager: PoolManager = self.poolmanager
            manager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}

    return Adapter()
