"""What the customer owns, and what both own: the customer's edge of the service."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from standfast.apps.responsibility.defaults.row import DefaultRow

CUSTOMER_ROWS = (
    DefaultRow(
        key="internet-connectivity",
        owner="customer",
        name=_("Resilient and performant Internet connectivity"),
        regular_provider=_(
            "Publishes the addresses and ports that the service uses, and runs entry points near "
            "its users."
        ),
        regular_customer=_(
            "Have two ways to the Internet for each important site, let traffic to the service "
            "leave near the user, and bypass proxies for the addresses that the provider publishes."
        ),
        incident_provider=_(
            "Says whether the network on its side is part of the problem, and where from."
        ),
        incident_customer=_(
            "Try the service from another network, such as a phone's hotspot. If it answers there, "
            "switch to your second line."
        ),
    ),
    DefaultRow(
        key="client-endpoints",
        owner="customer",
        name=_("Client endpoints"),
        regular_provider=_(
            "Says which versions of clients and browsers are supported, and announces changes "
            "before they take effect."
        ),
        regular_customer=_(
            "Keep devices managed and protected, and systems, browsers and clients at supported "
            "versions."
        ),
        incident_provider=_("Says which clients are hit and which still work."),
        incident_customer=_(
            "Try the web version or another device before you report. Tell people to leave "
            "programs open: unsent work stays on the device."
        ),
    ),
    DefaultRow(
        key="account-and-access-management",
        owner="customer",
        name=_("Account and access management"),
        regular_provider=_(
            "Offers multi-factor sign-in, roles with least privilege and a log of sign-ins."
        ),
        regular_customer=_(
            "Give each person an account of their own with multi-factor sign-in, take access away "
            "on the day that someone leaves, and keep two emergency accounts that do not depend on "
            "single sign-on."
        ),
        incident_provider=_("Says whether signing in is affected. Never asks for a password."),
        incident_customer=_(
            "Do not reset passwords or switch off policies to get round the incident. If "
            "administrators cannot sign in, use an emergency account and write down why."
        ),
    ),
    DefaultRow(
        key="data-governance-and-rights-management",
        owner="customer",
        name=_("Data governance and rights management"),
        regular_provider=_("Enforces the rules that you set, and shows who had access to what."),
        regular_customer=_(
            "Classify your data, set how long it is kept and with whom it may be shared, and "
            "review both once a year."
        ),
        incident_provider=_("Says whether data was lost, changed or seen by others, and which."),
        incident_customer=_(
            "Say which substitutes are allowed for confidential work. Nothing goes to private "
            "accounts; afterwards, bring copies back and delete them elsewhere."
        ),
    ),
)

SHARED_ROWS = (
    DefaultRow(
        key="identity-and-directory-infrastructure",
        owner="both",
        name=_("Identity and directory infrastructure"),
        regular_provider=_(
            "Runs the sign-in service and its directory, and announces changes of its certificates."
        ),
        regular_customer=_(
            "Watch your directory and its synchronisation, and renew certificates and secrets "
            "before they expire."
        ),
        incident_provider=_(
            "Says which ways to sign in work, restores its directory, and checks synchronisation "
            "with customers afterwards."
        ),
        incident_customer=_(
            "Check your own side: federation servers, synchronisation, certificates. Tell the "
            "provider what you find, and change nothing while it works."
        ),
    ),
)
