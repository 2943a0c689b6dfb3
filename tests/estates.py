"""A provider and its tenant with one object of every kind, for the tests that nothing leaks.

Every text that only their own people may read carries the estate's canary. Names, slugs and keys
that stand in addresses carry none (an error page may repeat the address that was asked for); they
are in `Estate.arguments`, by the name of the URL's argument.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from standfast.apps.catalog.models import PlacementImport
from standfast.apps.delivery.models import (
    Attempt,
    Delivery,
    IssueWish,
    Notice,
    NotTold,
    OrganisationDefaults,
    QuietHours,
    Subscription,
)
from standfast.apps.incidents.models import Issue, PostTemplate, ProblemReport
from standfast.apps.incidents.services.drafting import create_draft
from standfast.apps.incidents.services.fields import IssueFields
from standfast.apps.incidents.services.publishing import publish
from standfast.apps.ingest.models import Alert, AlertSource, LabelRule, Notification
from standfast.apps.messagecenter.models import FeedAddress, Maintenance
from standfast.apps.messagecenter.services.drafting import create_maintenance
from standfast.apps.messagecenter.services.fields import MaintenanceFields
from standfast.apps.messagecenter.services.scheduling import schedule
from standfast.apps.publishing.models import EmergencyPost, Target, TenantPage, WrittenSite
from standfast.apps.responsibility.models import ChartEntry
from standfast.apps.social.models import Mention, SocialAccount
from standfast.apps.tenancy.models import ApiToken, Delegation, Invitation, Member, Organisation
from standfast.apps.tenancy.services.audit import record
from standfast.engine.targeting import Scope
from tests.factories import (
    SYSTEM,
    make_component,
    make_delegation,
    make_feature,
    make_member,
    make_partner,
    make_placement,
    make_provider,
    make_service,
    make_tenant,
    make_token,
)


@dataclass(frozen=True, slots=True, repr=False)
class Estate:
    """Who is who, and every object's identifiers by the URL arguments that take them."""

    provider: Organisation
    tenant: Organisation
    partner: Organisation
    canary: str
    arguments: dict[str, object] = field(default_factory=dict)

    def arguments_at(self, template: str) -> dict[str, object]:
        """What an address with this beginning takes: “key” is not the same thing everywhere."""
        starts = {
            "console/": "service_key",
            "api/ingest/": "source_key",
            "api/v1/components/": "component_key",
            "api/v1/": "service_key",
        }
        keys = [self.arguments[it] for start, it in starts.items() if template.startswith(start)]
        return {**self.arguments, **({"key": keys[0]} if keys else {})}

    def slug(self, face: str) -> str:
        return {"provider": self.provider, "tenant": self.tenant, "partner": self.partner}[
            face
        ].slug


def make_estate(word: str) -> Estate:
    """Make an estate whose slugs begin with `word` and whose private texts carry a canary."""
    canary = f"CANARY-{word}"
    provider = make_provider(f"{word}-cloud", name=f"Cloud {word}")
    tenant = make_tenant(f"{word}-bank", name=f"{canary} bank")
    partner = make_partner(f"{word}-helper", name=f"{canary} helper")
    make_member(provider, "owner")
    make_member(tenant, "admin")
    make_member(partner, "partner_admin")
    make_service(provider, f"{word}-web", name="Open service")
    estate = Estate(provider, tenant, partner, canary)
    _tenancy(estate)
    issue = _catalog_and_issue(estate, word)
    _delivery(estate, issue)
    _messages(estate, issue)
    _monitoring(estate, issue, word)
    _backup_site(estate, issue)
    _social(estate, word)
    return estate


def _social(estate: Estate, word: str) -> None:
    now, canary = timezone.now(), estate.canary
    account = SocialAccount.objects.create(
        subscription=Subscription.objects.create(
            organisation=estate.provider,
            channel="mastodon",
            address=f"https://{word}.example/@{canary}",
            is_public=True,
            confirmed_at=now,
            created_at=now,
            unsubscribe_key=f"{canary} social key",
        )
    )
    mention = Mention.objects.create(
        account=account,
        number="1",
        receipt="2",
        author=f"{canary} author",
        text=f"{canary} mention",
        written_at=now,
        received_at=now,
    )
    estate.arguments.update(
        account_id=account.pk, mention_id=mention.pk, act="pause", place="maintenance"
    )


def _tenancy(estate: Estate) -> None:
    now = timezone.now()
    make_token(estate.tenant, "health.read")
    make_token(estate.provider, "catalog.read")
    ApiToken.objects.filter(organisation__in=[estate.tenant, estate.provider]).update(
        name=f"{estate.canary} token"
    )
    make_delegation(estate.partner, estate.tenant)
    for organisation in (estate.provider, estate.tenant, estate.partner):
        record(
            by=SYSTEM,
            organisation=organisation,
            action="thing.changed",
            kind="thing",
            key=f"{estate.canary} thing",
            now=now,
        )
    invitation = Invitation.objects.create(
        organisation=estate.tenant,
        email=f"{estate.canary}@example.com",
        role="staff",
        token_hash=f"{estate.canary} hash",
        created_at=now,
        expires_at=now + timedelta(days=7),
    )
    estate.arguments.update(
        member_id=Member.objects.get(organisation=estate.tenant).pk,
        token_id=ApiToken.objects.get(organisation=estate.tenant).pk,
        delegation_id=Delegation.objects.get(tenant=estate.tenant).pk,
        invitation_id=invitation.pk,
    )


def _catalog_and_issue(estate: Estate, word: str) -> Issue:
    now, canary = timezone.now(), estate.canary
    service = make_service(estate.provider, f"{word}-mail", name=f"{canary} mail", is_public=False)
    feature = make_feature(service, f"{word}-inbox", name=f"{canary} inbox")
    region = make_component(
        estate.provider, f"{word}-region", kind="region", name=f"{canary} region"
    )
    component = make_component(
        estate.provider, f"{word}-mbx", kind="database", name=f"{canary} database", below=region
    )
    placement = make_placement(estate.tenant, component, service, 41)
    upload = PlacementImport.objects.create(
        provider=estate.provider,
        filename=f"{canary}.csv",
        stored_path="nowhere.csv",
        mode="delta",
        state="done",
        created_at=now,
    )
    text = {"en": f"{canary} text"}
    draft = create_draft(
        provider=estate.provider,
        fields=IssueFields(
            service=service,
            feature=feature,
            title=text,
            user_impact=text,
            more_info=text,
            status="serviceDegradation",
            start_at=now - timedelta(minutes=20),
        ),
        scope=Scope(components=frozenset({component.pk})),
        by=SYSTEM,
        now=now,
    )
    post = publish(issue=draft, version=None, body=text, by=SYSTEM, now=now)
    template = PostTemplate.objects.create(
        provider=estate.provider, name=f"{canary} template", body=text
    )
    report = ProblemReport.objects.create(
        tenant=estate.tenant, service=service, description=f"{canary} report", created_at=now
    )
    entry = ChartEntry.objects.create(
        provider=estate.provider, key=f"{word}-row", owner="both", name=text
    )
    estate.arguments.update(
        service_key=service.key,
        feature=feature.key,
        tenant=estate.tenant.slug,
        component_key=component.key,
        service_id=service.pk,
        feature_id=feature.pk,
        component_id=component.pk,
        parent_id=region.pk,
        placement_id=placement.pk,
        import_id=upload.pk,
        issue_id=draft.pk,
        reference=draft.reference,
        post_id=post.pk,
        number=post.number,
        template_id=template.pk,
        report_id=report.pk,
        entry_id=entry.pk,
        row_key=entry.key,
    )
    return Issue.objects.get(pk=draft.pk)


def _delivery(estate: Estate, issue: Issue) -> None:
    now, canary = timezone.now(), estate.canary
    subscription = Subscription.objects.create(
        organisation=estate.tenant,
        channel="webhook",
        address=f"https://{canary}.example/hook",
        unsubscribe_key=f"{canary}-key",
        created_at=now,
    )
    notice = Notice.objects.create(
        kind="post",
        issue=issue,
        post=issue.posts.get(),
        provider=estate.provider,
        created_at=now,
    )
    delivery = Delivery.objects.create(
        notice=notice,
        subscription=subscription,
        channel="webhook",
        address=subscription.address,
        reason="subscribed",
        idempotency_key=f"{canary}-once",
        state="failed",
        last_error=f"{canary} error",
    )
    Attempt.objects.create(delivery=delivery, at=now, outcome="failed", detail=f"{canary} detail")
    NotTold.objects.create(notice=notice, subscription=subscription, reason=f"{canary} reason")
    OrganisationDefaults.objects.create(organisation=estate.tenant)
    admin = Member.objects.get(organisation=estate.tenant).user
    QuietHours.objects.create(user=admin)
    IssueWish.objects.create(user=admin, issue=issue, wish="follow", created_at=now)
    estate.arguments.update(
        subscription_id=subscription.pk, notice_id=notice.pk, delivery_id=delivery.pk
    )


def _messages(estate: Estate, issue: Issue) -> None:
    now, canary = timezone.now(), estate.canary
    draft = create_maintenance(
        provider=estate.provider,
        fields=MaintenanceFields(
            title={"en": f"{canary} maintenance"},
            body={"en": f"{canary} work"},
            services=(issue.service,),
            start_at=now + timedelta(days=2),
            end_at=now + timedelta(days=2, hours=1),
        ),
        by=SYSTEM,
        now=now,
    )
    schedule(maintenance=draft, version=None, by=SYSTEM, now=now)
    admin = Member.objects.get(organisation=estate.tenant).user
    address = FeedAddress.objects.create(
        organisation=estate.tenant,
        user=admin,
        name=f"{canary} calendar",
        secret_hash=f"{canary} hash",
        hint="abcd",
        created_at=now,
    )
    estate.arguments.update(
        message=Maintenance.objects.get(pk=draft.pk).reference, address_id=address.pk
    )


def _backup_site(estate: Estate, issue: Issue) -> None:
    now, canary = timezone.now(), estate.canary
    TenantPage.objects.create(tenant=estate.tenant, created_at=now)
    EmergencyPost.objects.create(
        key=f"{canary}-post",
        thread=f"{canary}-post",
        provider=estate.provider,
        document={"title": {"en": f"{canary} emergency"}},
        found_in="bundle",
        found_at=now,
        taken_at=now,
        issue=issue,
        problem=f"{canary} problem",
    )
    # Stores are the system's, so nothing of anybody is in these.
    target, _ = Target.objects.get_or_create(key="bundle", defaults={"address": "bundle"})
    WrittenSite.objects.get_or_create(
        target=target,
        prefix="",
        defaults={"generated_at": now, "stale_after": now, "refresh_at": now},
    )


def _monitoring(estate: Estate, issue: Issue, word: str) -> None:
    now, canary = timezone.now(), estate.canary
    source = AlertSource.objects.create(
        provider=estate.provider, key=f"{word}-monitor", name=f"{canary} monitor", created_at=now
    )
    rule = LabelRule.objects.create(
        source=source, name=f"{canary} rule", component="{x}", service="mail"
    )
    notification = Notification.objects.create(
        source=source, received_at=now, outcome="accepted", error=f"{canary} error"
    )
    alert = Alert.objects.create(
        source=source,
        issue=issue,
        fingerprint=f"{word}-fingerprint",
        status="firing",
        labels={"alertname": f"{canary} alert"},
        starts_at=now,
        first_received_at=now,
        last_received_at=now,
        problem=f"{canary} problem",
    )
    estate.arguments.update(
        source_id=source.pk,
        source_key=source.key,
        rule_id=rule.pk,
        notification_id=notification.pk,
        alert_id=alert.pk,
    )
