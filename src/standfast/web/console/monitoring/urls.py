"""Addresses of monitoring below /console/<slug>/."""

from __future__ import annotations

from django.urls import path

from standfast.web.console.monitoring import received, rules, sources, trial

urlpatterns = [
    path("monitoring/", sources.sources, name="sources"),
    path("monitoring/new/", sources.source_new, name="source_new"),
    path("monitoring/unplaced/", received.unplaced, name="unplaced"),
    path("monitoring/<int:source_id>/", sources.source, name="source"),
    path("monitoring/<int:source_id>/change/", sources.source_change, name="source_change"),
    path("monitoring/<int:source_id>/rotate/", sources.source_rotate, name="source_rotate"),
    path("monitoring/<int:source_id>/delete/", sources.source_delete, name="source_delete"),
    path("monitoring/<int:source_id>/again/", received.again, name="source_again"),
    path("monitoring/<int:source_id>/log/", received.log, name="source_log"),
    path("monitoring/<int:source_id>/try/", trial.trial, name="source_try"),
    path("monitoring/<int:source_id>/rules/new/", rules.rule_new, name="rule_new"),
    path("monitoring/rules/<int:rule_id>/", rules.rule, name="rule"),
    path("monitoring/rules/<int:rule_id>/move/", rules.rule_move, name="rule_move"),
    path("monitoring/rules/<int:rule_id>/delete/", rules.rule_delete, name="rule_delete"),
]
