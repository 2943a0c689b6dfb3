"""The accounts that a provider speaks from in public."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from standfast.apps.delivery.services.by_hand import send_test
from standfast.apps.delivery.services.subscriptions import (
    pause_subscription,
    resume_subscription,
)
from standfast.apps.social.queries.accounts import accounts_of, get_account_for, social_channels
from standfast.apps.social.services.accounts import (
    AccountWish,
    add_account,
    change_account,
    remove_account,
)
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.languages import LANGUAGES
from standfast.channels.registry import CHANNELS
from standfast.engine.health.severity import Classification, Severity
from standfast.web.entry import PageRequest
from standfast.web.forms import StyledForm
from standfast.web.labels import label_of
from standfast.web.settings.frame import back_to, needs_of, settings_page, show

NEEDS = needs_of("settings:social")


class AccountForm(StyledForm):
    """One account: where it is, its keys, and what it says. `is_new`: its keys must be given."""

    address = forms.CharField(max_length=500)
    secret = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}), max_length=1_000
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Post about"), widget=forms.CheckboxSelectMultiple
    )
    min_severity = forms.ChoiceField(label=gettext_lazy("From this severity on"))
    language = forms.ChoiceField(label=gettext_lazy("Language"))
    listens = forms.BooleanField(
        label=gettext_lazy("Show what people write to the account among the reports"),
        required=False,
    )

    def __init__(self, *args: Any, channel: str, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = CHANNELS[channel]
        self.fields["address"].label = _(kind.address_label)
        self.fields["address"].help_text = _(kind.address_help)
        self.fields["secret"].label = _(kind.secret_label)
        self.fields["secret"].help_text = _(kind.secret_help)
        self.fields["secret"].required = is_new
        if not is_new:
            del self.fields["address"]
            self.fields["secret"].help_text = _("Empty: the keys stay as they are.")
        if kind.listen is None:
            del self.fields["listens"]
        for name, choices in {
            "kinds": [(each.value, label_of("classification", each)) for each in Classification],
            "min_severity": [(each.value, label_of("severity", each)) for each in Severity],
            "language": [(code, label_of("language", code)) for code in LANGUAGES],
        }.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # ChoiceFields

    def wish(self) -> AccountWish:
        """What was asked for."""
        given = self.cleaned_data
        return AccountWish(
            language=given["language"],
            kinds=given["kinds"],
            min_severity=given["min_severity"],
            listens=given.get("listens", False),
            secret=given["secret"],
        )


@settings_page(NEEDS)
def social(request: HttpRequest) -> HttpResponse:
    """List the accounts."""
    page = cast(PageRequest, request)
    context = {"accounts": accounts_of(page.access.organisation), "channels": social_channels()}
    return show(page, "social", context)


@settings_page(NEEDS)
def social_add(request: HttpRequest) -> HttpResponse:
    """Add an account; it is tried at once, without a word in public."""
    page = cast(PageRequest, request)
    channel = request.GET.get("channel", "")
    if channel not in {each.kind for each in social_channels()}:
        raise Http404
    initial = {
        "kinds": ["incident"],
        "min_severity": "normal",
        "language": page.access.organisation.language,
        "listens": True,
    }
    form = AccountForm(request.POST or None, initial=initial, channel=channel, is_new=True)

    def save() -> None:
        add_account(
            provider=page.access.organisation,
            channel=channel,
            address=form.cleaned_data["address"],
            wish=form.wish(),
            by=page.access.actor,
            now=page.now,
        )

    done = _("The account is added and is being tried; nothing is posted in public.")
    return _form_page(page, form, channel, save, done=done)


@settings_page(NEEDS)
def social_account(request: HttpRequest, account_id: int) -> HttpResponse:
    """Change what an account says, or its keys."""
    page = cast(PageRequest, request)
    account = get_account_for(page.access, account_id)
    subscription = account.subscription
    initial = {
        "kinds": subscription.kinds,
        "min_severity": subscription.min_severity,
        "language": subscription.language,
        "listens": account.listens,
    }
    form = AccountForm(
        request.POST or None, initial=initial, channel=subscription.channel, is_new=False
    )

    def save() -> None:
        change_account(account=account, wish=form.wish(), by=page.access.actor, now=page.now)

    return _form_page(
        page,
        form,
        subscription.channel,
        save,
        done=_("Saved."),
        address=subscription.address,
    )


def _form_page(
    page: PageRequest,
    form: AccountForm,
    channel: str,
    save: Callable[[], None],
    *,
    done: str,
    address: str = "",
) -> HttpResponse:
    if page.method == "POST" and form.is_valid():
        try:
            save()
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(page, done)
            return back_to(page, "settings:social")
    return show(page, "social_account", {"form": form, "channel": channel, "address": address})


@require_POST
@settings_page(NEEDS)
def social_act(request: HttpRequest, account_id: int, act: str) -> HttpResponse:
    """Do what one of the buttons of an account says."""
    page = cast(PageRequest, request)
    account = get_account_for(page.access, account_id)
    subscription, by, now = account.subscription, page.access.actor, page.now
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "test": (
            lambda: send_test(subscription=subscription, by=by, now=now),
            _("The account is being tried; nothing is posted in public."),
        ),
        "pause": (
            lambda: pause_subscription(subscription=subscription, by=by, now=now),
            _("Paused: nothing is posted and nothing is read."),
        ),
        "resume": (
            lambda: resume_subscription(subscription=subscription, by=by, now=now),
            _("Resumed, from the next post on."),
        ),
        "remove": (
            lambda: remove_account(account=account, by=by, now=now),
            _("The account is removed; what it posted stays where it was posted."),
        ),
    }
    if act not in acts:
        raise Http404
    write, done = acts[act]
    try:
        write()
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, done)
    return back_to(page, "settings:social")
