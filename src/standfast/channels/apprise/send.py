"""A channel over Apprise: each message goes to the service that its address is of."""

from __future__ import annotations

import asyncio
import logging
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from standfast.channels import details
from standfast.channels.apprise.services import ALLOWED, SELF_HOSTED, schema_of
from standfast.channels.apprise.transport import CALL, Call, GuardedRequests
from standfast.channels.batch import send_in_parallel
from standfast.channels.contract import (
    AddressRefused,
    Message,
    Outcome,
    PermanentFailure,
    TemporaryFailure,
)
from standfast.channels.outgoing.addresses import LONGEST
from standfast.channels.outgoing.answers import judge
from standfast.channels.outgoing.config import OutgoingConfig
from standfast.channels.words import cut, said, with_link
from standfast.engine.health.refusal import gettext_noop

#: What an address says that names nothing: the account, the topic or the hook is no more.
_GONE: Final = frozenset({404, 410})
THREADS: Final = 8
_PIECES: Final = re.compile(r"[/:@?&=,]+")
_TELLING: Final = 6
#: Makes the text of a message: its title (may be empty) and its body.
Texts = Callable[[Message, Any], tuple[str, str]]


class AppriseChannel:
    """Runs Apprise in a few threads; `address_of` makes the address of a message's service."""

    def __init__(
        self, config: OutgoingConfig, *, address_of: Callable[[Message], str], texts: Texts
    ) -> None:
        self._config = config
        self._address_of = address_of
        self._texts = texts
        self._threads: ThreadPoolExecutor | None = None

    async def send_many(self, messages: Sequence[Message], *, now: datetime) -> list[Outcome]:
        """One try for each message."""

        async def send(message: Message) -> str:
            return await self._send(message, now)

        workers = min(THREADS, self._config.connections)
        return await send_in_parallel(messages, send, workers=workers, hidden=self._hidden)

    async def close(self) -> None:
        """End the threads."""
        threads, self._threads = self._threads, None
        if threads is not None:
            threads.shutdown(wait=False, cancel_futures=True)

    async def _send(self, message: Message, now: datetime) -> str:
        try:
            service = service_of(self._address_of(message))
        except AddressRefused as refusal:
            raise PermanentFailure(refusal.message, gone=True) from None
        title, body = self._texts(message, service)
        call = Call(self._config.guard, self._config.timeout)
        if self._threads is None:
            self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="apprise")
        loop = asyncio.get_running_loop()
        notifying = loop.run_in_executor(self._threads, _notify, call, service, title, body)
        done, _ = await asyncio.wait({notifying}, timeout=self._config.timeout)
        if not done:
            call.give_up()
            raise TemporaryFailure(details.TIMED_OUT % {"host": service.service_name})
        return _judged(call, notifying.result(), str(service.service_name), now)

    def _hidden(self, message: Message) -> Iterable[str]:
        try:
            address = self._address_of(message)
        except (AddressRefused, PermanentFailure, TemporaryFailure):
            return ()
        pieces = {*_PIECES.split(address), *_PIECES.split(unquote(address))}
        # Of a service that somebody runs the host is no secret; of others it may be the token.
        known = urlsplit(address).hostname if schema_of(address) in SELF_HOSTED else None
        return [piece for piece in pieces if len(piece) >= _TELLING and piece != known]


def open_apprise(settings: Mapping[str, object]) -> AppriseChannel:
    """The channel for services that have none of their own."""
    return AppriseChannel(
        OutgoingConfig.parse(settings), address_of=lambda message: message.address, texts=_texts
    )


def normalise(address: str) -> str:
    """An address as Apprise writes it (“ntfys://host/topic”). Raises `AddressRefused`."""
    plain = address.strip()
    service_of(plain)
    schema, _, rest = plain.partition("://")
    return f"{schema.lower()}://{rest}"


def service_of(address: str) -> Any:
    """Apprise's service for an address. Raises `AddressRefused`."""
    schema = schema_of(address)
    if "://" not in address or not address.isprintable() or len(address) > LONGEST:
        raise AddressRefused(
            gettext_noop("Write it as Apprise does, such as ntfys://ntfy.example.org/topic.")
        )
    if schema not in ALLOWED:
        raise AddressRefused(details.NOT_ALLOWED, schema=schema[:40])
    # Its own log may repeat what a service answered, and so a secret.
    logging.getLogger("apprise").disabled = True
    from apprise import Apprise, AppriseAsset

    asset = AppriseAsset(http_redirects=False, app_id="Standfast", plugin_paths=[])
    service = Apprise.instantiate(address, asset=asset, suppress_exceptions=True)
    if service is None:
        raise AddressRefused(
            gettext_noop(
                "Apprise cannot read this address of “%(schema)s”; compare it with its page."
            ),
            schema=schema,
        )
    _stand_in(service)
    return service


def _stand_in(service: Any) -> None:
    """Put the guarded transport into the module of the service, once."""
    module = sys.modules[type(service).__module__]
    if not isinstance(module.requests, GuardedRequests):
        module.requests = GuardedRequests(module.requests)  # type: ignore[attr-defined]


def _notify(call: Call, service: Any, title: str, body: str) -> bool:
    CALL.set(call)
    return bool(service.notify(title=title, body=body, notify_type="info", body_format="text"))


def _judged(call: Call, was_taken: bool, name: str, now: datetime) -> str:
    """What came of it, by the answer that was kept."""
    if call.failure is not None:
        raise call.failure
    answer = call.answer
    if answer is None:
        # Apprise never got to asking, or nobody answered.
        why = details.TIMED_OUT if call.is_over else details.NO_CONNECTION
        raise TemporaryFailure(why % {"host": name})
    detail = judge(answer.status, answer.retry_after, answer.text, now=now, gone=_GONE)
    if not was_taken:
        raise PermanentFailure(details.REFUSES % {"answer": f"{answer.status} {answer.text}"})
    return detail


def _texts(message: Message, service: Any) -> tuple[str, str]:
    words = said(message)
    longest = int(service.body_maxlen)
    if not service.title_maxlen:
        return "", with_link(words, longest)
    facts = "\n".join(f"{name}: {value}" for name, value in words.facts)
    room = longest - len(words.link) - 4
    body = cut("\n\n".join(filter(None, [facts, words.body])), max(room, 0))
    title = cut(words.title, int(service.title_maxlen))
    return title, "\n\n".join(filter(None, [body, words.link])) or title
