"""Monitoring systems that may post alerts, and the rules that map labels to the catalog."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from standfast.apps.tenancy.models import Organisation


class AlertSource(models.Model):
    """One monitoring system. `kind` names a parser of `feeds` (alertmanager, generic).

    Alertmanager signs nothing, so it carries a bearer token (hash kept); the generic webhook signs
    with `secret` (Standard Webhooks, kept encrypted). What was replaced works until `before_until`.
    """

    provider = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="alert_sources"
    )
    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=20, default="alertmanager")
    token_hash = models.CharField(max_length=64, blank=True)
    token_hash_before = models.CharField(max_length=64, blank=True)
    secret = models.TextField(blank=True)
    secret_before = models.TextField(blank=True)
    before_until = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(_("accepts alerts"), default=True)
    created_at = models.DateTimeField()
    last_received_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["name"]


class LabelRule(models.Model):
    """The first rule (by position) whose matchers all hold decides component, service and wording.

    `matchers` is [[label, operator, value], …] with operators = != =~ !~; `component` and `title`
    are templates over labels, such as “{mailbox_database}”.
    """

    source = models.ForeignKey(AlertSource, on_delete=models.CASCADE, related_name="rules")
    position = models.PositiveIntegerField(default=0)
    name = models.CharField(_("name"), max_length=100)
    matchers = models.JSONField(default=list)
    component = models.CharField(_("component"), max_length=200)
    service = models.CharField(_("service"), max_length=60)
    feature = models.CharField(_("feature"), max_length=60, blank=True)
    title = models.JSONField(_("title"), default=dict)
    classification = models.CharField(_("classification"), max_length=12, default="incident")
    status = models.CharField(_("status"), max_length=40, default="investigating")
    severity = models.CharField(_("severity"), max_length=10, default="normal")
    auto_publish = models.BooleanField(_("publish without confirmation"), default=False)

    class Meta:
        ordering: ClassVar = ["position", "id"]
