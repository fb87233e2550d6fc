"""Slow down whoever guesses passwords, at every door, by account and by network (OWASP ASVS 2.2.1).

    if wait := attempts.begin(account=email, network=network):
        …say to wait `wait` seconds…
    if right:
        attempts.succeeded(account=email, network=network)

A try is counted before the secret is looked at and taken back when it was right: a hundred guesses sent at once are a
hundred tries. Kept in the database: all doors and all processes share one count. Nobody is locked out for good: the
wait doubles with each failure, up to fifteen minutes (a minute for what many people share).
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import ngettext

from tilios.core.access.models import Attempts
from tilios.core.structures.composed import composed


@dataclass(frozen=True)
class Patience:
    """How many wrong tries cost nothing, and the longest wait after those. `shared` counts belong to many people: a
    right answer takes back its own try there, and forgets no other (one good password would clear a guesser).
    """

    free: int
    longest_wait_s: int = 900
    shared: bool = False


KINDS = {
    "account": Patience(5),  # the password of an account, typed in the page
    "code": Patience(5),  # a second factor, a one-time code
    "reset": Patience(3),  # messages asked for one address
    "link": Patience(10),  # the password of a share link
    "app": Patience(20, 60),  # app passwords of an account from one network: a program tries again by itself
    "network": Patience(30, 60, shared=True),  # a household, a school, a town behind one address
    "resets": Patience(30, 60, shared=True),  # messages asked from one network
    "invited": Patience(3),  # letters asked for one address on the page of an invitation link
    "export": Patience(20, 60, shared=True),  # documents made for one network by a share link: each takes seconds
    "answers": Patience(60, 60, shared=True),  # answers to invitations from one network: each writes to somebody
    "feed": Patience(60, 60, shared=True),  # a calendar read at its secret address: programs look every hour or so
    "following": Patience(20, 60),  # addresses that one person has the server look at
    "proposal": Patience(6, shared=True),  # what visitors of one network propose to whoever reads it
    "proposed": Patience(4),  # letters that one address is sent to confirm it
    "joining": Patience(30, 60, shared=True),  # forms to join sent from one network: a whole stand may share a tablet
    "joined": Patience(4),  # letters that one address is sent to confirm that it joins
    "device": Patience(20, 60, shared=True),  # programs that ask for a password, from one network
    "inviting": Patience(60, 60, shared=True),  # those asked from one network: a whole meeting may scan the same code
}
WINDOW = timedelta(minutes=15)


def begin(**who: str) -> int:
    """Count a try for each of `who` (account=, code=, link=, network=…); seconds to wait before it may be looked at,
    0 when now. A try that must wait is not counted, so that waiting is enough.
    """
    if wait := wait_s(**who):
        return wait
    waits = [_count(what, value) for what, value in who.items() if value]
    return max(waits, default=0)


def wait_s(**who: str) -> int:
    """Seconds until another try is allowed for any of `who`; 0 when it is. Counts nothing; a query for two."""
    keys = [_key(what, value) for what, value in who.items() if value]
    if not keys:
        return 0
    now = timezone.now()
    until = [moment for start in range(0, len(keys), 2) for moment in _blocked(keys[start], keys[start:][:2][-1])]
    return max((_seconds(now, moment) for moment in until if moment and moment > now), default=0)


@composed
def _blocked(one: str, other: str) -> QuerySet[Attempts, datetime | None]:
    return Attempts.objects.filter(key__in=[one, other]).values_list("blocked_until", flat=True)


def failed(**who: str) -> None:
    """Count a failure where no try was begun: for secrets too long to guess, looked at before anything is written."""
    for what, value in who.items():
        if value:
            _count(what, value)


def succeeded(**who: str) -> None:
    """Forget the failures of an account, a link, a code; of what is shared, take back the one try that was right."""
    own = [_key(what, value) for what, value in who.items() if value and not KINDS[what].shared]
    Attempts.objects.filter(key__in=own).delete()
    shared = [_key(what, value) for what, value in who.items() if value and KINDS[what].shared]
    Attempts.objects.filter(key__in=shared, failures__gt=0).update(failures=F("failures") - 1)


def too_many(wait: int) -> str:
    """What is said to somebody who must wait, the same whether or not what they typed exists."""
    if wait < 60:
        return ngettext(
            "Too many tries. Wait one second, then try again.",
            "Too many tries. Wait %(count)s seconds, then try again.",
            wait,
        ) % {"count": wait}
    minutes = -(-wait // 60)
    return ngettext(
        "Too many tries. Wait one minute, then try again.",
        "Too many tries. Wait %(count)s minutes, then try again.",
        minutes,
    ) % {"count": minutes}


def _key(what: str, value: str) -> str:
    # SECURITY: hashed, so that the table does not become a list of addresses typed by mistake.
    return f"{what}:{hashlib.sha256(value.strip().lower().encode()).hexdigest()[:48]}"


def _seconds(now: datetime, moment: datetime) -> int:
    return int((moment - now).total_seconds()) + 1


def _count(what: str, value: str) -> int:
    """Add a failure to what is known of `value`; seconds to wait when others were quicker."""
    key, patience, now = _key(what, value), KINDS[what], timezone.now()
    with transaction.atomic():
        row = _locked(key, now)
        if row.blocked_until and row.blocked_until > now:
            return _seconds(now, row.blocked_until)
        if now - max(row.window_started_at, row.blocked_until or row.window_started_at) > WINDOW:
            row.failures, row.window_started_at, row.blocked_until = 0, now, None
        row.failures += 1
        over = row.failures - patience.free
        if over >= 0:  # this one is looked at, and the next one waits
            row.blocked_until = now + timedelta(seconds=min(2 ** min(over + 1, 10), patience.longest_wait_s))
        row.save(update_fields=["failures", "window_started_at", "blocked_until"])
    return 0


def _locked(key: str, now: datetime) -> Attempts:
    try:
        with transaction.atomic():
            row, _created = Attempts.objects.select_for_update().get_or_create(
                key=key, defaults={"window_started_at": now}
            )
            return row
    except IntegrityError:  # another process made it meanwhile
        return Attempts.objects.select_for_update().get(key=key)


def forget_old() -> int:
    """Remove counts that no longer matter; called by the daily job."""
    removed, _rows = Attempts.objects.filter(window_started_at__lt=timezone.now() - timedelta(days=1)).delete()
    return removed
