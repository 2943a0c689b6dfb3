"""Addresses below /settings/<face>/<slug>/."""

from __future__ import annotations

from django.urls import path

from standfast.web.settings import audit, organisation, partners, people, social, tokens

app_name = "settings"
urlpatterns = [
    path("", organisation.home, name="home"),
    path("people/", people.people, name="people"),
    path("people/<int:member_id>/role/", people.member_role, name="member_role"),
    path("people/<int:member_id>/remove/", people.member_remove, name="member_remove"),
    path(
        "invitations/<int:invitation_id>/revoke/",
        people.invitation_revoke,
        name="invitation_revoke",
    ),
    path("partners/", partners.partners, name="partners"),
    path("partners/<int:delegation_id>/revoke/", partners.partner_revoke, name="partner_revoke"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<int:token_id>/revoke/", tokens.token_revoke, name="token_revoke"),
    path("social/", social.social, name="social"),
    path("social/add/", social.social_add, name="social_add"),
    path("social/<int:account_id>/", social.social_account, name="social_account"),
    path("social/<int:account_id>/<slug:act>/", social.social_act, name="social_act"),
    path("audit/", audit.audit, name="audit"),
]
