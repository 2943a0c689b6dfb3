"""What a worker does for the accounts: reads what people write, posts what is answered."""

from __future__ import annotations

import random

from django.utils import timezone

from standfast.apps.delivery.worker import Duty
from standfast.apps.social.services.answering import send_answers
from standfast.apps.social.services.listening import forget_old, listen_due

SOON, NOW_AND_THEN, RARELY = 1.0, 5.0, 3_600.0


def social_duties() -> list[Duty]:
    """The duties of one worker."""
    return [
        Duty("listen", NOW_AND_THEN, lambda: listen_due(now=timezone.now())),
        Duty("answers", SOON, lambda: send_answers(now=timezone.now(), chance=random.random)),
        Duty("forget", RARELY, lambda: forget_old(now=timezone.now())),
    ]
