"""Push messages go out as mail does: rows in the caller's transaction, then a job that hands them to push services.

Where a service is busy or silent the message is tried again until it is of no more use; a browser that has withdrawn,
or that nobody could reach for a week, is forgotten.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from tilios.core.access.links import link
from tilios.core.jobs import job
from tilios.core.notify import devices, readers
from tilios.core.notify.models import Device, Push
from tilios.core.notify.webpush import Courier, Outcome, Subscription
from tilios.core.people.models import Person
from tilios.core.structures.scope import current_structure, scope
from tilios.core.toolbox import registry

LASTS = timedelta(days=1)
LEASE = timedelta(minutes=10)
LONGEST_WAIT = timedelta(hours=6)
MOST_AT_ONCE = 500
GIVEN_UP_AFTER = timedelta(days=7)
GIVEN_UP_FAILURES = 5
TRIAL = "trial"


def queue(
    people: Iterable[Person],
    *,
    notice: str,
    texts: Mapping[str, str],
    url: str,
    about: tuple[str, int] | None,
    until: datetime | None,
) -> int:
    """Write what `people`, who have accounts, are told on their devices; `texts` by language. Number of messages.

    `about` is the thing it speaks of, a later message about which takes the place of an earlier one; `until` as in
    `notify`. Two queries, and one more for the job.
    """
    readers_of = {person.account_id: person for person in people}
    found = Device.objects.filter(session__user__in=list(readers_of)).values_list("pk", "session__user_id", "failures")
    now = timezone.now()
    topic = _topic(notice, about) if about else ""
    rows = []
    for device_pk, account_pk, failures in found:
        language = readers.language_of(readers_of[account_pk])
        rows.append(
            Push(
                structure=current_structure(),
                device_id=device_pk,
                payload=_payload(notice, texts[language], url, topic, language),
                topic=topic,
                is_urgent=until is not None,
                expires_at=min(until or now + LASTS, now + LASTS),
                next_try_at=now + _wait(failures),  # a service that fails does not hold the others up each time
            )
        )
    if rows:
        Push.objects.bulk_create(rows)
        deliver.enqueue()
    return len(rows)


def send_trial(device: Device, *, language: str) -> None:
    """Tell something on `device` to see whether it works; a trial that still waits gives way."""
    Push.objects.filter(device=device, topic=TRIAL).delete()
    with translation.override(language):
        text = gettext("It works: this device will tell you what you have chosen.")
    payload = _payload("portal.trial", text, link("portal:notice_choices"), TRIAL, language)
    Push.objects.create(
        structure=current_structure(),
        device=device,
        payload=payload,
        topic=TRIAL,
        is_urgent=True,
        expires_at=timezone.now() + timedelta(minutes=10),
    )
    deliver.enqueue()


def _payload(notice: str, text: str, url: str, tag: str, language: str) -> dict[str, str]:
    structure, tool = current_structure(), registry.tool(notice.partition(".")[0])
    title = structure.name
    if tool is not None and not tool.house:
        with translation.override(language):
            title = f"{structure.name} · {tool.name}"
    return {"title": title, "body": text, "url": url, "tag": tag, "lang": language}


def _topic(notice: str, about: tuple[str, int]) -> str:
    """32 signs that tell the push service nothing (RFC 8030, 5.4)."""
    said = f"{current_structure().pk} {notice} {about[0]} {about[1]}"
    return salted_hmac("tilios.push-topic", said, algorithm="sha256").hexdigest()[:32]


@job
def deliver() -> int:
    """Hand every message that is due to its push service. Number of those taken."""
    now = timezone.now()
    Push.objects.filter(expires_at__lte=now).delete()
    due = Push.objects.filter(next_try_at__lte=now).select_related("device__session", "structure")[:MOST_AT_ONCE]
    told = _still_told(due)
    count = 0
    with Courier() as courier:
        for push in due:
            # Two workers share the rows: whoever moves the next try has the message for ten minutes.
            lease = timezone.now() + LEASE
            if not Push.objects.filter(pk=push.pk, next_try_at=push.next_try_at).update(next_try_at=lease):
                continue
            if (push.structure_id, push.device.session.user_id) not in told:
                push.delete()
            elif devices.is_signed_in(push.device):
                count += _settle(push, _hand(courier, push))
    return count


def deliver_due() -> None:
    """Periodic: try again what the services did not take."""
    deliver.call()


def _still_told(due: Iterable[Push]) -> set[tuple[int, int]]:
    """(structure, account) of those who are still people of the structure. One query a structure."""
    wanted: dict[int, set[int]] = {}
    structures = {}
    for push in due:
        structures[push.structure_id] = push.structure
        wanted.setdefault(push.structure_id, set()).add(push.device.session.user_id)
    found = set()
    for pk, accounts in wanted.items():
        if structures[pk].suspended_at is None:
            with scope(structures[pk]):
                still = readers.reachable().filter(account__in=accounts).values_list("account_id", flat=True)
                found |= {(pk, account) for account in still}
    return found


def _hand(courier: Courier, push: Push) -> Outcome:
    device = push.device
    left_s = max(0, int((push.expires_at - timezone.now()).total_seconds()))
    to = Subscription(device.endpoint, device.p256dh, device.auth)
    return courier.hand(to, push.payload, ttl_s=left_s, urgent=push.is_urgent, topic=push.topic)


def _settle(push: Push, outcome: Outcome) -> bool:
    """Keep what became of a message; whether it was taken."""
    now = timezone.now()
    device = Device.objects.filter(pk=push.device_id)
    if outcome.is_taken:
        push.delete()
        device.update(last_success_at=now, failures=0, failing_since=None)
        return True
    if outcome.is_gone:
        device.delete()
        return False
    device.update(failures=F("failures") + 1, failing_since=Coalesce("failing_since", now))
    device.filter(failures__gte=GIVEN_UP_FAILURES, failing_since__lt=now - GIVEN_UP_AFTER).delete()
    if outcome.may_pass:
        wait = timedelta(seconds=outcome.retry_after_s or 0) or _wait(push.tries + 1)
        Push.objects.filter(pk=push.pk).update(tries=push.tries + 1, next_try_at=now + min(wait, LONGEST_WAIT))
    else:
        Push.objects.filter(pk=push.pk).delete()
    return False


def _wait(failures: int) -> timedelta:
    """How long to wait after so many failures in a row: 1, 2, 4… minutes."""
    return min(timedelta(minutes=2 ** min(failures - 1, 9)), LONGEST_WAIT) if failures else timedelta(0)
