"""Answering those who ask to join: accepted, they are in the register with their dues; or refused, with a reason."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.actions.invitations import invite_person
from tilios.core.people.models import Person
from tilios.tools.members import joining_letters as letters
from tilios.tools.members import rules
from tilios.tools.members.actions.dues import contribute
from tilios.tools.members.actions.families import save_family
from tilios.tools.members.actions.records import FIELDS, add_record, change_record, come_back, lock_settings
from tilios.tools.members.actions.waiting import note_application
from tilios.tools.members.models import (
    AGREEMENTS,
    Applicant,
    Application,
    ApplicationState,
    Family,
    Record,
    RecordKind,
)
from tilios.tools.members.queries.joined import answers_read, fields_of
from tilios.tools.members.queries.joining import alike, person_at
from tilios.tools.members.queries.paying import how_to_pay


def lock_application(application: Application) -> Application:
    """The application as it stands, locked until the end of the transaction."""
    rows = Application.objects.select_for_update(of=("self",)).select_related("form__status")
    found = rows.filter(pk=application.pk).first()
    if found is None:
        raise Conflict(_("This application is gone."))
    return found


@transaction.atomic
def accept(*, by: Person | None, application: Application, same: Mapping[int, Record] | None = None) -> Application:
    """Make members of those who ask: person, record, family, dues with what is owed; write the letter of welcome.

    `same` gives, by the number of an applicant, the record of the register that is theirs: it is kept, and filled where
    it says nothing. Publishes "members.application_accepted". Raises NotAllowed; Conflict for one that is answered,
    or dues that cannot be taken; Invalid("same") for a record that two of them would have.
    """
    require(by is None or rules.keeps_register(by))
    held = lock_application(application)
    if held.state != ApplicationState.WAITING:
        raise Conflict(_("Somebody has answered this application already."))
    same = same or {}
    if len({record.pk for record in same.values()}) < len(same):
        raise Invalid("same", _("Two people cannot have one record."))
    people = list(held.applicants.select_related("rate__kind"))
    made = [_enter(by, held, one, same.get(one.pk)) for one in people]
    if len(made) > 1:
        _put_together(by, made)
    for one, record in zip(people, made, strict=True):
        _take_dues(held, one, record, payer=made[0].payer or made[0])
    held.record = made[0]
    _decide(held, by, ApplicationState.ACCEPTED)
    publish("members.application_accepted", by=by, target=held, subject=made[0].person)
    letters.welcome(held, how_to_pay(held))
    if held.form.invites:
        _invite(made[0].person)
    return held


def accept_at_once(application: Application) -> bool:
    """Accept without anybody looking; False where somebody alike is in the register, or the dues cannot be taken.

    Called in the transaction that confirms.
    """
    # Two applications of one person, confirmed at once: the second sees what the first has made.
    lock_settings()
    if any(alike(application, application.applicants.all()).values()):
        return False
    try:
        with transaction.atomic():
            done = accept(by=None, application=application)
    except (Conflict, Invalid):
        return False
    application.state, application.record = done.state, done.record
    return True


@transaction.atomic
def refuse(*, by: Person, application: Application, reason: str) -> Application:
    """Refuse, and write why. Publishes "members.application_refused".

    Raises NotAllowed, Invalid("reason") without one, Conflict for one that is answered.
    """
    require(rules.keeps_register(by))
    held = lock_application(application)
    if held.state != ApplicationState.WAITING:
        raise Conflict(_("Somebody has answered this application already."))
    held.reason = reason.strip()[:2000]
    if not held.reason:
        raise Invalid("reason", _("Say why: they read it."))
    _decide(held, by, ApplicationState.REFUSED)
    publish("members.application_refused", by=by, target=held)
    letters.say_refused(held)
    return held


def _decide(held: Application, by: Person | None, state: ApplicationState) -> None:
    held.state, held.decided_by, held.decided_at = state, by, timezone.now()
    held.save(update_fields=["state", "decided_by", "decided_at", "reason", "record"])
    note_application(held)


def _enter(by: Person | None, held: Application, one: Applicant, record: Record | None) -> Record:
    """The record of an applicant: the one that is theirs already, or a new one."""
    said = _said(held, one)
    answers = answers_read(one.answers, fields_of(one.answers))
    person = person_at(held.email, one) if record is None and one.order == 0 and one.kind == RecordKind.HUMAN else None
    if record is None and person is None:
        record = add_record(by=by, role=held.form.role, answers=answers, **said)
    else:
        if record is None:
            record = add_record(by=by, person=person, status=held.form.status)
        elif record.left_on:
            record = come_back(by=by, record=record)
        record = change_record(by=by, record=record, answers=_missing(record, answers), **_unsaid(record, said))
    one.record = record
    one.save(update_fields=["record"])
    return record


def _said(held: Application, one: Applicant) -> dict[str, Any]:
    """The fields of a person and of a record, as `add_record` takes them."""
    said = {
        "kind": one.kind,
        "given_name": one.given_name,
        "family_name": one.family_name,
        "organisation": one.organisation,
        "birth_date": one.birth_date,
        "status": held.form.status,
        **one.said,
        **{name: getattr(one, name) for name in AGREEMENTS},
    }
    if one.order == 0:
        said["email"] = held.email
    if one.kind == RecordKind.ORGANISATION:
        said["display_name"] = one.organisation
    return said


def _unsaid(record: Record, said: dict[str, Any]) -> dict[str, Any]:
    """What a record that was there does not say yet: what it says stays. What they agree to now holds from now on."""
    found = {}
    for name, value in said.items():
        there = getattr(record if name in FIELDS else record.person, name)
        if value and not there:
            found[name] = value
    return found


def _missing(record: Record, answers: dict[str, Any]) -> dict[str, Any]:
    there = set(record.answers.values_list("field__key", flat=True))
    return {key: value for key, value in answers.items() if key not in there}


def _put_together(by: Person | None, made: list[Record]) -> None:
    """One family, paid by the one who asked; whoever is in another family, or has a payer, stays as they are."""
    first = made[0]
    family = first.family
    if family is None and first.kind == RecordKind.HUMAN:
        family = _new_family(by, first)
        made[0] = first = change_record(by=by, record=first, family=family)
    for number, record in enumerate(made[1:], start=1):
        values: dict[str, Any] = {}
        if record.family is None and family is not None:
            values["family"] = family
        if record.payer is None and not first.payer_id and not record.pays_for.exists():
            values["payer"] = first
        if values:
            made[number] = change_record(by=by, record=record, **values)


def _new_family(by: Person | None, first: Record) -> Family:
    return save_family(by=by, name=first.person.family_name or first.person.display_name)


def _take_dues(held: Application, one: Applicant, record: Record, *, payer: Record) -> None:
    # SECURITY: they settled it themselves when they asked; keeping the register gives no say over money.
    one.contribution = contribute(
        by=None,
        record=record,
        kind=one.rate.kind,
        rate=one.rate,
        settled_cents=one.amount_cents,
        times=min(held.times, one.rate.instalments),
        payer=payer.person,
        origin="online",
    )
    one.save(update_fields=["contribution"])


def _invite(person: Person) -> None:
    """Invite to open an account, if they have none."""
    if person.account_id is None and person.is_active:
        invite_person(by=None, person=person)
