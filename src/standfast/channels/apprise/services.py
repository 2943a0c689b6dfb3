"""The services of Apprise that may be used here, and why it is not all of them.

Apprise also speaks to the desktop, to the system log and to files of its machine; an address that a
tenant writes must reach none of these. Each of these services speaks HTTP alone, through the one
module that `transport` stands in for.
"""

from __future__ import annotations

from typing import Final

#: Services with hosts of their own, known to Apprise.
HOSTED: Final = frozenset(
    {
        "46elks",
        "bulksms",
        "burstsms",
        "clickatell",
        "clicksend",
        "d7sms",
        "dingtalk",
        "feishu",
        "firehydrant",
        "flock",
        "gchat",
        "httpsms",
        "ifttt",
        "ilert",
        "incidentio",
        "join",
        "lark",
        "line",
        "msgbird",
        "nexmo",
        "octopush",
        "onesignal",
        "opsgenie",
        "pagerduty",
        "pagertree",
        "plivo",
        "pover",
        "prowl",
        "pushy",
        "revolt",
        "ryver",
        "seven",
        "signl4",
        "simplepush",
        "sinch",
        "smsmgr",
        "spike",
        "splunk",
        "squadcast",
        "telnyx",
        "threema",
        "twilio",
        "twist",
        "viber",
        "victorops",
        "voipms",
        "vonage",
        "webex",
        "wecombot",
        "wxteams",
        "zulip",
    }
)
#: Services that somebody runs at an address of his own; the guard looks at that address.
SELF_HOSTED: Final = frozenset(
    {
        "apprise",
        "apprises",
        "gotify",
        "gotifys",
        "json",
        "jsons",
        "mmost",
        "mmosts",
        "ntfy",
        "ntfys",
        "rocket",
        "rockets",
        "signal",
        "signals",
        "synology",
        "synologys",
    }
)
ALLOWED: Final = HOSTED | SELF_HOSTED


def schema_of(address: str) -> str:
    """The service that an address is of: what stands before “://”, in lower case."""
    return address.partition("://")[0].strip().lower()
