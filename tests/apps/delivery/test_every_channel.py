"""What each channel says of a post and of a test, composed here and taken by its fake receiver."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from standfast.apps.delivery.models import Delivery, Subscription
from standfast.apps.delivery.models.subscription import shown_address
from standfast.apps.delivery.rendering.messages import Composer
from standfast.apps.delivery.services.by_hand import send_test
from standfast.apps.delivery.services.holding import release_held
from standfast.apps.delivery.services.sending import Sender
from standfast.apps.delivery.services.subscriptions import create_subscription
from standfast.apps.delivery.services.wishes import Wish
from standfast.apps.incidents.models import Post
from standfast.apps.tenancy.models import AuditEntry, Organisation
from standfast.apps.tenancy.sealing import seal
from standfast.channels.contract import Message, Outcome
from standfast.channels.registry import CHANNELS
from tests.contracts.rigs import RIGS
from tests.factories import NOW, SYSTEM
from tests.factories_delivery import plan_all
from tests.factories_incidents import World, on, publish_issue

SOURCE = Path(__file__).resolve().parents[3] / "src/standfast"


def subscribe(organisation: Organisation, kind: str, language: str = "en") -> Subscription:
    """A subscription whose address is of no matter: the message goes to the fake receiver."""
    social = CHANNELS[kind].social
    return Subscription.objects.create(
        organisation=organisation,
        channel=kind,
        address="https://somewhere.example/@x",
        kinds=["incident", "advisory"],
        language=language,
        secret=seal("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        unsubscribe_key=kind,
        is_public=social,
        confirmed_at=NOW,
        created_at=NOW,
    )


def hand_over(kind: str, message: Message) -> tuple[Outcome, list[bytes]]:
    async def run() -> tuple[Outcome, list[bytes]]:
        async with RIGS[kind]() as rig:
            sent = replace(
                message,
                address=rig.address("anna"),
                secrets=rig.keys("anna"),
                idempotency_key="p1-s1-anna",
            )
            (outcome,) = await rig.channel.send_many([sent], now=NOW)
            return outcome, [body for _, body in rig.arrived]

    return asyncio.run(run())


def words_of(body: bytes) -> str:
    """The words, however the channel wrote them."""
    text = body.decode("utf-8", "replace").replace("=\r\n", "")
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)


@pytest.mark.parametrize("kind", CHANNELS)
def test_a_post_is_told_with_its_title_and_a_link(world: World, kind: str) -> None:
    world.service.is_public = True
    world.service.save()
    subscription = subscribe(
        world.provider if CHANNELS[kind].social else world.alice, kind, language="en"
    )
    issue = publish_issue(world, on(world.first), is_public=True).issue
    plan_all()
    delivery = Delivery.objects.get(subscription=subscription)

    outcome, (body,) = hand_over(kind, Composer(now=NOW).message(delivery))

    assert outcome.result == "sent"
    said = words_of(body)
    assert "Mailboxes are slow" in said
    assert f"/issues/{issue.reference}/" in said.replace("\\/", "/").replace("=3D", "=")
    assert "\ue000" not in said


@pytest.mark.parametrize("kind", CHANNELS)
def test_a_test_message_can_be_sent_over_every_channel(world: World, kind: str) -> None:
    subscription = subscribe(world.alice, kind)
    delivery = send_test(subscription=subscription, by=SYSTEM, now=NOW)
    message = Composer(now=NOW).message(delivery)

    outcome, arrived = hand_over(kind, message)

    assert outcome.result == "sent"
    assert message.content.trial is not CHANNELS[kind].signed
    if not CHANNELS[kind].social:
        assert len(arrived) == 1


def test_the_words_are_in_the_reader_s_language(world: World) -> None:
    subscription = subscribe(world.alice, "slack", language="zh-hant")
    publish_issue(world, on(world.first))
    plan_all()
    delivery = Delivery.objects.get(subscription=subscription)

    _, (body,) = hand_over("slack", Composer(now=NOW).message(delivery))

    said = words_of(body)
    assert "信箱變慢" in said
    assert "狀態" in said
    assert "我們正在調查。" in said
    assert "214" in said


def test_what_shows_no_markdown_gets_none(world: World) -> None:
    """Chats would show the marks as they stand."""
    chat, mail = (subscribe(world.alice, kind) for kind in ("slack", "email"))
    publish_issue(world, on(world.first))
    Post.objects.update(body={"en": "**Half** is back; see [the list](https://a.example/x)."})
    plan_all()
    composer = Composer(now=NOW)

    for subscription in (chat, mail):
        content = composer.message(Delivery.objects.get(subscription=subscription)).content
        words = content.brief.body if subscription == chat and content.brief else content.text
        assert "Half is back; see the list (https://a.example/x)." in words


# Where a kind may be named beside its own folder: what it cannot do without is known by its traits.
NAMED = re.compile(
    "|".join(rf"[\"']{kind}[\"']" for kind in CHANNELS if kind not in {"email", "webhook", "x"})
)


def test_a_digest_is_a_list_in_few_words(world: World) -> None:
    subscription = subscribe(world.alice, "slack")
    Subscription.objects.filter(pk=subscription.pk).update(digest="hourly")
    issues = [publish_issue(world, on(world.first)).issue for _ in range(2)]
    plan_all()
    release_held(now=NOW + timedelta(hours=1))
    delivery = Delivery.objects.get(notice__kind="digest")

    _, (body,) = hand_over("slack", Composer(now=NOW).message(delivery))

    said = words_of(body)
    assert all(f"[{issue.reference}]" in said for issue in issues)
    assert "/portal/alice/" in said
    assert "Unsubscribe" not in said


def test_an_expired_push_subscription_stops_and_says_why(world: World) -> None:
    subscription = subscribe(world.alice, "webpush")
    send_test(subscription=subscription, by=SYSTEM, now=NOW)
    gone = Outcome("permanent", "The receiver is gone: 410", gone=True)
    sender = Sender("webpush", worker="test", clock=lambda: NOW, channel=Refusing(gone))
    sender.send_due()
    sender.close()

    kept = Subscription.objects.get(pk=subscription.pk)
    assert not kept.is_active
    assert kept.stopped_because == "The address is gone: 410"


@dataclass
class Refusing:
    """A channel with one answer for everything."""

    outcome: Outcome

    async def send_many(self, messages: Sequence[Message], *, now: datetime) -> list[Outcome]:
        return [self.outcome] * len(messages)

    async def close(self) -> None:
        """Nothing is open."""


OTHERWISE = {
    # The browser's half of web push: asking for it, keeping its keys.
    "apps/delivery/services/devices.py",
    "web/templatetags/phone.py",
    # The words for what services provide, one of which is “sms”.
    "web/reasons.py",
}


def test_a_channel_costs_one_folder_and_one_line() -> None:
    """Nothing but its folder, its line of the registry and the demo's examples names a channel."""
    found: dict[str, list[str]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        folder = name.split("/")[1] if name.startswith("channels/") else ""
        if folder in CHANNELS or name.startswith("cli/demo/") or name in OTHERWISE:
            continue
        if hits := NAMED.findall(path.read_text(encoding="utf-8")):
            found[name] = hits
    assert found == {}


def test_the_registry_names_each_channel_twice_and_its_folder_holds_the_rest() -> None:
    text = (SOURCE / "channels/registry.py").read_text(encoding="utf-8")
    for kind in CHANNELS:
        assert len(re.findall(rf"^\s+{kind},$", text, re.MULTILINE)) == 2, kind
        assert (SOURCE / "channels" / kind / "__init__.py").exists()


def test_an_address_that_lets_anybody_write_is_neither_shown_nor_audited(world: World) -> None:
    made, _secret = create_subscription(
        organisation=world.alice,
        user=None,
        wish=Wish("slack", "https://hooks.slack.com/services/T0/B0/s3cr3t-t0ken"),
        by=SYSTEM,
        now=NOW,
    )

    assert made.owner_address == "https://hooks.slack.com/…"
    assert shown_address("tgram://bot-token/chat") == "tgram://…"
    kept = AuditEntry.objects.filter(organisation=world.alice)
    assert kept.exists()
    assert "s3cr3t" not in repr(list(kept.values()))
