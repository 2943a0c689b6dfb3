"""Addresses of templates."""

from __future__ import annotations

from django.urls import path

from standfast.web.console.wording import views

urlpatterns = [
    path("templates/", views.templates, name="templates"),
    path("templates/new/", views.template_new, name="template_new"),
    path("templates/<int:template_id>/", views.template, name="template"),
    path("templates/<int:template_id>/delete/", views.template_delete, name="template_delete"),
]
