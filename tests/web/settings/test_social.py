"""The pages of social accounts: added, tried, changed, paused, removed."""

from __future__ import annotations

import pytest
from django.test import Client

from standfast.apps.delivery.models import Delivery, Subscription
from standfast.apps.social.models import SocialAccount
from standfast.apps.tenancy.models import Organisation
from tests.factories import make_member, make_provider
from tests.web.settings.world import address, signed_in

pytestmark = pytest.mark.django_db
FORM = {
    "address": "https://mastodon.example/@status",
    "secret": "token-123456",
    "kinds": ["incident"],
    "min_severity": "normal",
    "language": "en",
    "listens": "on",
}


@pytest.fixture
def provider() -> Organisation:
    return make_provider("northlight")


@pytest.fixture
def owner(provider: Organisation) -> Client:
    return signed_in(make_member(provider, "owner"))


def at(provider: Organisation, name: str, *args: object) -> str:
    return address(name, provider, *args, face="provider")


def adding(provider: Organisation, channel: str) -> str:
    return f"{at(provider, 'social_add')}?channel={channel}"


def added(owner: Client, provider: Organisation) -> SocialAccount:
    owner.post(adding(provider, "mastodon"), FORM)
    return SocialAccount.objects.get()


def test_every_service_has_its_form(owner: Client, provider: Organisation) -> None:
    page = owner.get(at(provider, "social")).content.decode()
    for channel in ("mastodon", "bluesky", "x"):
        form = adding(provider, channel)
        assert form in page
        assert owner.get(form).status_code == 200
    assert owner.get(adding(provider, "webhook")).status_code == 404


@pytest.mark.parametrize(
    ("channel", "changed", "said"),
    [
        ("x", {"address": "@status", "secret": "one two"}, "Write four words"),
        ("mastodon", {"address": "not an address"}, "like https://mastodon.example/@status."),
    ],
)
def test_what_cannot_be_an_account_is_said_at_its_field_and_the_address_kept(
    owner: Client, provider: Organisation, channel: str, changed: dict[str, str], said: str
) -> None:
    page = owner.post(adding(provider, channel), FORM | changed).content.decode()
    assert said in page
    assert f'value="{changed["address"]}"' in page
    assert str(changed.get("secret", FORM["secret"])) not in page
    assert not SocialAccount.objects.exists()


def test_an_account_is_added_and_tried_and_its_keys_are_never_shown(
    owner: Client, provider: Organisation
) -> None:
    account = added(owner, provider)

    assert account.subscription.is_public
    assert Delivery.objects.get().notice.kind == "test"
    for page in (at(provider, "social"), at(provider, "social_account", account.pk)):
        text = owner.get(page).content.decode()
        assert "@status" in text
        assert "token-123456" not in text


def test_a_refusal_stands_at_its_field(owner: Client, provider: Organisation) -> None:
    form = adding(provider, "mastodon")
    answer = owner.post(form, {**FORM, "address": "status"})
    assert "address like https://mastodon.example/@status." in answer.content.decode()
    answer = owner.post(form, {**FORM, "secret": ""})
    assert "This field is required." in answer.content.decode()
    assert not SocialAccount.objects.exists()


def test_new_keys_put_a_stopped_account_on_again(owner: Client, provider: Organisation) -> None:
    account = added(owner, provider)
    Subscription.objects.update(is_active=False, stopped_because="The address is gone: 401")
    change = at(provider, "social_account", account.pk)
    owner.post(change, {**FORM, "secret": ""})
    assert not Subscription.objects.get().is_active
    owner.post(change, {**FORM, "secret": "another-token"})
    kept = Subscription.objects.get()
    assert (kept.is_active, kept.stopped_because) == (True, "")


def test_it_is_changed_paused_resumed_and_removed(owner: Client, provider: Organisation) -> None:
    account = added(owner, provider)
    sealed = account.subscription.secret
    owner.post(
        at(provider, "social_account", account.pk),
        {**FORM, "secret": "", "kinds": ["incident", "advisory"], "listens": ""},
    )
    account.refresh_from_db()
    kept = Subscription.objects.get()
    assert (kept.kinds, kept.secret, account.listens) == (["incident", "advisory"], sealed, False)
    for act, is_active in (("pause", False), ("resume", True)):
        owner.post(at(provider, "social_act", account.pk, act))
        assert Subscription.objects.get().is_active is is_active
    owner.post(at(provider, "social_act", account.pk, "remove"))
    assert not SocialAccount.objects.exists()
    assert not Subscription.objects.exists()


def test_a_communicator_may_not_see_or_change_accounts(provider: Organisation) -> None:
    communicator = signed_in(make_member(provider, "communicator"))

    assert communicator.get(at(provider, "social")).status_code == 404
    assert communicator.post(adding(provider, "mastodon"), FORM).status_code == 404
