"""Slow down whoever guesses passwords, at every door, by account and by network (OWASP ASVS 2.2.1).

Kept in the database: all doors and all processes share one count. Nobody is locked out for good: the wait doubles with
each failure, up to fifteen minutes.
"""

import hashlib
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from tilios.core.access.models import Attempts

FREE_FAILURES = {"account": 5, "network": 30, "link": 10}
WINDOW = timedelta(minutes=15)
LONGEST_WAIT_S = 900


def _key(what: str, value: str) -> str:
    # SECURITY: hashed, so that the table does not become a list of addresses typed by mistake.
    return f"{what}:{hashlib.sha256(value.strip().lower().encode()).hexdigest()[:48]}"


def wait_s(**who: str) -> int:
    """Seconds until another try is allowed for any of `who` (account=, network=, link=); 0 when it is. One query."""
    keys = [_key(what, value) for what, value in who.items() if value]
    now = timezone.now()
    until = Attempts.objects.filter(key__in=keys, blocked_until__gt=now).values_list("blocked_until", flat=True)
    return max((int((moment - now).total_seconds()) + 1 for moment in until if moment), default=0)


def failed(**who: str) -> None:
    """Count a failure for each of `who`; past the free ones, block for 2, 4, 8… seconds."""
    for what, value in who.items():
        if value:
            _count(_key(what, value), FREE_FAILURES[what])


def succeeded(**who: str) -> None:
    """Forget the failures of an account or link; a network's stand, or one good password would clear a guesser."""
    keys = [_key(what, value) for what, value in who.items() if value and what != "network"]
    Attempts.objects.filter(key__in=keys).delete()


def _count(key: str, free: int) -> None:
    now = timezone.now()
    with transaction.atomic():
        try:
            with transaction.atomic():
                row, created = Attempts.objects.select_for_update().get_or_create(
                    key=key, defaults={"failures": 1, "window_started_at": now}
                )
        except IntegrityError:
            row, created = Attempts.objects.select_for_update().get(key=key), False
        if created:
            return
        if now - row.window_started_at > WINDOW and (row.blocked_until is None or row.blocked_until < now):
            Attempts.objects.filter(pk=row.pk).update(failures=1, window_started_at=now, blocked_until=None)
            return
        over = row.failures + 1 - free
        wait = timedelta(seconds=min(2**over, LONGEST_WAIT_S)) if over > 0 else None
        Attempts.objects.filter(pk=row.pk).update(
            failures=F("failures") + 1, blocked_until=now + wait if wait else row.blocked_until
        )


def forget_old() -> int:
    """Remove counts that no longer matter; called by the daily job."""
    removed, _rows = Attempts.objects.filter(window_started_at__lt=timezone.now() - timedelta(days=1)).delete()
    return removed
