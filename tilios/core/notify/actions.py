"""Tell people something: in the page, by mail at once, in the digest of the day, on their devices, as they chose."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation

from tilios.core.access.links import link
from tilios.core.jobs import job
from tilios.core.journal.actions import through
from tilios.core.notify import channels, letters, pushes, readers
from tilios.core.notify.models import Notification
from tilios.core.people.models import Person
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import current_structure, scope
from tilios.core.toolbox import registry

KEPT_READ = timedelta(days=180)
KEPT = timedelta(days=365)
MOST_AT_ONCE = 500  # people in one mail job


def notify(
    notice: str,
    *,
    to: Iterable[Person],
    target: Any = None,
    by: Person | None = None,
    text: Callable[[], str],
    url: str | None = None,
    but: Iterable[str] = (),
    until: datetime | None = None,
) -> int:
    """Tell `to` about `target`, each by the channels they chose for `notice`. Number of people told.

    `but` are channels by which the caller tells them itself. `until` is when it is of no more use (a reminder): it then
    reaches devices at once, or not at all.

    `text()` is called once in each language that is read, so it translates when it is called: `lambda: gettext("…")`.
    `url` is the path to open, the page of `target` when left out. Left out of `to`: whoever did it (`by`, and the human
    acting for them), people without a login, people who have left. The caller names people who may see `target`; what
    they may no longer see later is not shown to them.

    Written in the caller's transaction, mails and devices by jobs after it. Two reads, whatever the number of people,
    three when devices are to be told; their rows go in together.
    Raises LookupError for a notice no tool declares.
    """
    known = channels.declared(notice)
    if known is None:
        raise LookupError(f"No tool declares the notice {notice!r}")
    people = readers.listening(to, by)
    if not people:
        return 0
    wanted = {pk: chosen - set(but) for pk, chosen in channels.of_people(known, people).items()}
    kind = registry.kind_of(target) if target is not None else None
    if url is None:
        url = link(kind.url, target.pk) if kind else link("portal:notifications")
    texts = {language: _text(text, language) for language in {readers.language_of(person) for person in people}}
    Notification.objects.bulk_create(
        Notification(
            person=person,
            notice=notice,
            kind=kind.name if kind else "",
            target=target.pk if kind else None,
            actor=by,
            text=texts[readers.language_of(person)],
            url=url,
            on_page="page" in wanted[person.pk],
            digest_due="digest" in wanted[person.pk],
        )
        for person in people
        if wanted[person.pk] & {"page", "digest"}
    )
    by_mail = [person.pk for person in people if "mail" in wanted[person.pk]]
    for start in range(0, len(by_mail), MOST_AT_ONCE):
        send_mails.enqueue(current_structure().pk, notice, by_mail[start : start + MOST_AT_ONCE], texts, url)
    if on_devices := [person for person in people if "push" in wanted[person.pk]]:
        about = (kind.name, target.pk) if kind else None
        pushes.queue(on_devices, notice=notice, texts=texts, url=url, about=about, until=until)
    return len(people)


def _text(text: Callable[[], str], language: str) -> str:
    with translation.override(language):
        said = " ".join(str(text()).split())
    return said if len(said) <= 300 else said[:299].rstrip() + "…"


@job
def send_mails(structure_pk: int, notice: str, people: list[int], texts: dict[str, str], url: str) -> int:
    """Write the mails of one notice. Taken again after a crash it writes them all again or none: one transaction."""
    structure = Structure.objects.get(pk=structure_pk)
    with scope(structure), through("job"), transaction.atomic():
        people_now = readers.still_listening(people)
        return letters.send(
            [letters.at_once(person, notice, texts[readers.language_of(person)], url) for person in people_now]
        )


@transaction.atomic
def mark_read(*, person: Person, pk: int | None = None) -> int:
    """Mark one notification read, or all of them. Number of those that were not."""
    rows = Notification.objects.filter(person=person, read_at=None)
    if pk is not None:
        rows = rows.filter(pk=pk)
    return rows.update(read_at=timezone.now())


@transaction.atomic
def mark_unread(*, person: Person, pk: int) -> int:
    """Put one notification back among those to read."""
    return Notification.objects.filter(person=person, pk=pk).update(read_at=None)


def forget_old() -> int:
    """Periodic: forget notifications read six months ago, and any of a year ago. Number forgotten."""
    now, count = timezone.now(), 0
    for structure in Structure.objects.all():
        with scope(structure):
            read = Q(read_at__lt=now - KEPT_READ)
            deleted, _models = Notification.objects.filter(read | Q(created_at__lt=now - KEPT)).delete()
            count += deleted
    return count
