"""The people of the demo. All have one password; those with a `what` are shown at sign-in."""

from __future__ import annotations

from dataclasses import dataclass

from standfast.cli.demo.world.offerings import PROVIDER_SLUG
from standfast.cli.demo.world.tenants import PARTNER_SLUG

PASSWORD = "seven-lanterns-at-dawn"  # noqa: S105 - shown to everybody on the sign-in page
ZONE = "Asia/Taipei"


def _(text: str) -> str:
    """Mark a text for translation. Django's own mark asks for settings, which come later."""
    return text


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """A person with one role in one organisation; `owns` are services that escalate to it."""

    email: str
    name: str
    organisation: str
    role: str
    language: str = ""
    what: str = ""
    owns: tuple[str, ...] = ()


PEOPLE = (
    PersonPlan(
        "owner@nimbarrow.example",
        "Ottilie Brandvold",
        PROVIDER_SLUG,
        "owner",
        what=_("Runs the provider: people, tokens, responsibility chart, everything else."),
    ),
    PersonPlan(
        "communicator@nimbarrow.example",
        "林書晴 Lin Shu-ching",
        PROVIDER_SLUG,
        "communicator",
        what=_("Writes and publishes posts. Start here."),
    ),
    PersonPlan(
        "engineer@nimbarrow.example",
        "Tavi Moreau",
        PROVIDER_SLUG,
        "engineer",
        what=_("Confirms detected issues, keeps catalog and monitoring."),
        owns=("mail", "identity"),
    ),
    PersonPlan(
        "viewer@nimbarrow.example",
        "Imre Castellan",
        PROVIDER_SLUG,
        "viewer",
        what=_("Reads the console, changes nothing."),
    ),
    PersonPlan(
        "teamwork@nimbarrow.example",
        "Saoirse Tamm",
        PROVIDER_SLUG,
        "engineer",
        owns=("files", "meetings", "voice"),
    ),
    PersonPlan(
        "platform@nimbarrow.example",
        "郭柏勳 Kuo Po-hsun",
        PROVIDER_SLUG,
        "engineer",
        owns=("records", "data", "desktop"),
    ),
    PersonPlan(
        "admin@harrowmere-foods.example",
        "Maren Oduya",
        "harrowmere-foods",
        "admin",
        what=_("A customer whom the open incident hits."),
    ),
    PersonPlan(
        "continuity@harrowmere-foods.example",
        "Piers Ondal",
        "harrowmere-foods",
        "continuity_manager",
        what=_("Keeps the customer's business going; reports problems."),
    ),
    PersonPlan(
        "reader@harrowmere-foods.example",
        "Yuna Feldt",
        "harrowmere-foods",
        "message_reader",
        what=_("Reads messages and chooses own notifications."),
    ),
    PersonPlan(
        "staff@harrowmere-foods.example",
        "Bram Achterberg",
        "harrowmere-foods",
        "staff",
        what=_("One of 5,200 people at work."),
    ),
    PersonPlan(
        "admin@chengxi-precision.example",
        "吳佳蓉",
        "chengxi-precision",
        "admin",
        language="zh-hant",
        what="受影響的客戶，介面為繁體中文。",
    ),
    PersonPlan("admin@lingao-shipping.example", "何承恩", "lingao-shipping", "admin", "zh-hant"),
    PersonPlan(
        "admin@emberfell-clinics.example",
        "Rhiannon Vale",
        "emberfell-clinics",
        "admin",
        what=_("A customer on the other side of the world: sees none of it."),
    ),
    PersonPlan(
        "partner@lanternfield.example",
        "Jonas Whitlock",
        PARTNER_SLUG,
        "partner_admin",
        what=_("Looks after eight customers."),
    ),
)
