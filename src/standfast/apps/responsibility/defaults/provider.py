"""What the provider owns: from what it says down to its buildings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from standfast.apps.responsibility.defaults.row import DefaultRow

PROVIDER_ROWS = (
    DefaultRow(
        key="communications",
        owner="provider",
        name=_("Timely, targeted, accurate communications"),
        regular_provider=_(
            "Announces changes in advance, and keeps a status site that does not depend on the "
            "service itself."
        ),
        regular_customer=_(
            "Choose who is told and how, and keep one way of being told that does not need the "
            "service."
        ),
        incident_provider=_(
            "Tells exactly those who are affected, every hour unless it announces otherwise, and "
            "says when the next update comes."
        ),
        incident_customer=_(
            "Tell your people what is known, what to do instead and when the next update comes. "
            "Report what you see if it is not on your dashboard."
        ),
    ),
    DefaultRow(
        key="application",
        owner="provider",
        name=_("Application"),
        regular_provider=_(
            "Develops, tests and updates the application, in steps that can be taken back."
        ),
        regular_customer=_("Test your add-ins and integrations when a change is announced."),
        incident_provider=_(
            "Finds the failing part, rolls it back or repairs it, and verifies that it works."
        ),
        incident_customer=_(
            "Use the workaround of the issue. Examples with time, person and error text shorten "
            "the search: send them as a report."
        ),
    ),
    DefaultRow(
        key="network-controls",
        owner="provider",
        name=_("Network controls"),
        regular_provider=_(
            "Filters hostile traffic, guards against overload, and changes firewalls and routes "
            "under control."
        ),
        regular_customer=_("Keep your firewalls in step with the addresses that are published."),
        incident_provider=_("Redirects or limits traffic so that healthy parts stay reachable."),
        incident_customer=_(
            "Pause bulk jobs and programs that retry without a delay; they slow the recovery."
        ),
    ),
    DefaultRow(
        key="operating-system",
        owner="provider",
        name=_("Operating system"),
        regular_provider=_("Patches and hardens the systems that the service runs on."),
        incident_provider=_("Repairs, restarts or replaces systems that fail."),
    ),
    DefaultRow(
        key="virtualization",
        owner="provider",
        name=_("Virtualization"),
        regular_provider=_("Keeps customers apart, and moves load without an interruption."),
        incident_provider=_("Moves load away from what fails, and checks that the walls hold."),
    ),
    DefaultRow(
        key="data",
        owner="provider",
        name=_("Data"),
        regular_provider=_(
            "Keeps copies in separate places, checks that they are whole, and practises restoring."
        ),
        regular_customer=_(
            "Keep a backup of your own of what you must be able to restore without the provider."
        ),
        incident_provider=_(
            "Protects data before availability, and says to which point in time it can restore."
        ),
        incident_customer=_(
            "Write down what is done by hand or elsewhere meanwhile, so that it can be entered "
            "afterwards."
        ),
    ),
    DefaultRow(
        key="storage",
        owner="provider",
        name=_("Storage"),
        regular_provider=_(
            "Watches capacity, encrypts what is stored, and replaces parts before they fail."
        ),
        incident_provider=_("Rebuilds lost copies, and says when protection is complete again."),
    ),
    DefaultRow(
        key="physical-hosts",
        owner="provider",
        name=_("Physical hosts"),
        regular_provider=_("Maintains servers, and keeps enough of them to lose some."),
        incident_provider=_("Takes failing machines out and brings spare ones in."),
    ),
    DefaultRow(
        key="physical-network",
        owner="provider",
        name=_("Physical network"),
        regular_provider=_("Runs every important link twice, and tests switching between them."),
        incident_provider=_("Switches to intact links and has the failed ones repaired."),
    ),
    DefaultRow(
        key="physical-datacenter",
        owner="provider",
        name=_("Physical datacenter"),
        regular_provider=_("Guards buildings, power and cooling, and practises losing them."),
        regular_customer=_(
            "Know in which region your data is, and whether that suits your obligations."
        ),
        incident_provider=_("Secures people and buildings, then moves to other power or sites."),
    ),
)
