"""Why somebody is told, later told, or not told, in words for whoever asks."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = Mapping[str, str | Promise]

SEND_REASONS: Words = {
    "service_chosen": _("chose this service"),
    "all_services": _("follows all services"),
    "followed": _("follows this issue"),
    "provider_staff": _("works for the provider"),
    "visitor": _("subscribed on the public page"),
    "released": _("was told before"),
    "service_owner": _("owns the service"),
    "digest": _("told together with others"),
    "test": _("asked for a test"),
}
SKIP_REASONS: Words = {
    "inactive": _("paused or stopped"),
    "access_lost": _("the account was closed, or may not read here any more"),
    "unconfirmed": _("has not confirmed the address yet"),
    "not_public": _("it is not on the public page"),
    "not_in_audience": _("not in the audience"),
    "not_for_staff": _("not meant for the provider's own people"),
    "muted": _("muted this issue"),
    "kind_not_chosen": _("does not follow this kind of notice"),
    "service_not_chosen": _("does not follow this service"),
    "region_not_chosen": _("does not follow this region"),
    "below_severity": _("wants only more severe issues"),
    "duplicate_of": _("the same address is told once already"),
    "told_elsewhere": _("the person is told in a digest over another channel"),
}
REMARKS: Words = {
    "first_choice": _("the person's first choice"),
    "next_choice": _("used when the channel before it does not get through"),
    "always": _("always used, whatever the order"),
    "doubtful": _("in doubt, because it depends on what is affected"),
    "beside_doubtful": _("used beside a channel in doubt"),
    "only_doubtful": _("in doubt, but nothing better is there"),
    "quiet_hours": _("held until the quiet hours end"),
    "breaks_quiet_hours": _("severe enough for quiet hours"),
    "digest": _("collected for a digest"),
    "too_urgent_for_digest": _("too urgent for a digest"),
    "burst": _("held shortly, because more may follow at once"),
}
STARTED: Words = {
    "failed": _("started because the channel before it failed"),
    "late": _("started because the channel before it did not get through in time"),
    "beside": _("started because the channel before it is in doubt"),
}
STAGES: Words = {
    "planned": _("planned"),
    "standby": _("stands by for the channel before it"),
    "held": _("held until then"),
    "released": _("released"),
    "started_failed": _("started, because the channel before it failed"),
    "started_late": _("started, because the channel before it did not get through in time"),
    "started_beside": _("started, because the channel before it is in doubt"),
    "try": _("tried"),
    "sent": _("handed over"),
    "merged": _("goes out together with others"),
    "told_within": _("handed over together with others"),
    "next_try": _("next try"),
    "failed": _("given up"),
    "cancelled": _("cancelled, because the subscription was paused or ended"),
    "spared": _("not needed: another channel got through, or the issue was opened"),
    "seen": _("the issue was opened"),
}
# What channels depend on.
NEEDS: Words = {
    "mail": _("mail"),
    "internet": _("the Internet"),
    "sms": _("text messages"),
    "push.web": _("push messages"),
    "chat.slack": "Slack",
    "chat.teams": "Teams",
    "chat.discord": "Discord",
    "chat.telegram": "Telegram",
    "social.mastodon": "Mastodon",
    "social.bluesky": "Bluesky",
    "social.x": "X",
}
