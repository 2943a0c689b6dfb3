"""What the rest of Standfast knows of a channel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from standfast.channels.contract import Channel, Listener
from standfast.channels.options import Option


@dataclass(frozen=True, slots=True)
class ChannelKind:
    """One kind of channel.

    `open` makes a channel from the operator's settings and raises `ConfigError`; `normalise` gives
    an address its one spelling and raises `AddressRefused`. `needs` are the words for what the
    channel depends on, as services say what they provide (`catalog.Service.capabilities`): while
    such a service is down, another channel is the safer one. `name`, `address_label` and
    `address_help` are marked for translation, `icon` is one of the interface's icons.

    `secret_label` and `secret_help` say what the keys of an account are; `check_secret` raises
    `ConfigError` (secret) for what cannot be any.

    `signed` channels sign with a secret that we make; `keyed` ones need keys that come with the
    address. `confirms`: “sent” means that the recipient's own program or device service took it,
    not only a server on the way. `threaded`: a message answers the one before it about the same
    issue. `personal`: one person may have it for itself, and `asks` says that the address proves
    nothing, so a link sent there is asked for first. `social`: it speaks to everybody, from an
    account of the provider; `listen` fetches what people write to it. `bulk`: an issue may mean
    thousands of messages, so it is looked after all the time. `apart`: each address has a
    server of its own, so that nobody waits for one that hangs. `hides`: whoever has an address may
    write to it, so that it is shown as little as a password. `patience` is how long it may take
    to get through before another is tried. `options` are settings that the operator gives for
    this channel alone.
    """

    kind: str
    name: str
    icon: str
    open: Callable[[Mapping[str, object]], Channel]
    normalise: Callable[[str], str]
    needs: frozenset[str]
    address_label: str
    address_help: str
    signed: bool = False
    keyed: bool = False
    confirms: bool = False
    threaded: bool = False
    personal: bool = False
    asks: bool = False
    social: bool = False
    bulk: bool = False
    apart: bool = False
    hides: bool = False
    patience: timedelta = timedelta(minutes=5)
    options: tuple[Option, ...] = ()
    listen: Callable[[Mapping[str, object]], Listener] | None = None
    secret_label: str = ""
    secret_help: str = ""
    check_secret: Callable[[str], None] = lambda _secret: None
