"""What the feeds say, in the language of whoever reads it."""

from __future__ import annotations

from django.utils.translation import gettext

from standfast.feeds.errors import Sentence


def in_words(sentence: Sentence) -> str:
    """The sentence, and the sentences inside it, in the active language."""
    template = gettext(sentence.template)
    params = {
        name: in_words(value) if isinstance(value, Sentence) else value
        for name, value in sentence.params.items()
    }
    return template % params if params else template
