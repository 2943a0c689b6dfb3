"""Secrets at rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from standfast.apps.tenancy.sealing import CannotUnseal, seal, unseal


@given(st.text())
def test_what_is_sealed_comes_back(text: str) -> None:
    assert unseal(seal(text)) == text


def test_the_sealed_form_hides_the_text_and_differs_each_time() -> None:
    assert "secret" not in seal("secret")
    assert seal("secret") != seal("secret")


def test_a_changed_seal_or_another_key_is_refused(settings: Settings) -> None:
    sealed = seal("secret")
    for wrong in ("", "nonsense", "é", sealed[:-4] + "AAAA"):
        with pytest.raises(CannotUnseal):
            unseal(wrong)
    old_key = settings.SECRET_KEY
    settings.SECRET_KEY = "another key"
    with pytest.raises(CannotUnseal, match="STANDFAST_SECRET_KEY"):
        unseal(sealed)
    settings.SECRET_KEY_FALLBACKS = [old_key]
    assert unseal(sealed) == "secret"
