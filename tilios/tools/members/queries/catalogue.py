"""The fields that each person may search the register by."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tilios.core.people.models import Group, Person
from tilios.tools.members import rules
from tilios.tools.members.models import DuesKind, Field, FieldKind, Office, Record, RecordKind, Status
from tilios.tools.members.queries.criteria import (
    Criterion,
    Meaning,
    Sort,
    affiliations,
    answer_meaning,
    day_meaning,
    number_meaning,
    one_meaning,
    places,
    running_dues,
    several_meaning,
    terms,
    text_meaning,
    years_meaning,
    yes_no_meaning,
)

#: What a field of the structure is searched as; files and computed fields are not in the database to be compared.
SORTS = {
    FieldKind.TEXT: Sort.TEXT,
    FieldKind.LONG_TEXT: Sort.TEXT,
    FieldKind.NUMBER: Sort.NUMBER,
    FieldKind.DATE: Sort.DAY,
    FieldKind.YES_NO: Sort.YES_NO,
    FieldKind.CHOICE: Sort.ONE,
    FieldKind.CHOICES: Sort.SEVERAL,
}


def criteria_for(person: Person) -> dict[str, Criterion]:
    """The fields that `person` may search by, in order, by their key. Five queries at most."""
    found = [*_dues(), *_belonging(), *_who(), *_reaching(), *_agreed()]
    if rules.keeps_register(person):
        # SECURITY: whoever searches by a field reads it, one answer after another.
        found.append(Criterion("note", _("private note"), Sort.TEXT, text_meaning("person__note"), _("Who it is")))
        found += _own()
    return {criterion.key: criterion for criterion in found}


def _dues() -> Iterator[Criterion]:
    section = _("Dues")
    standings = (
        ("up_to_date", _("up to date")), ("late", _("late")), ("never", _("never paid")), ("exempt", _("owes none")),
    )  # fmt: skip
    yield Criterion("standing", _("dues"), Sort.ONE, _standing, section, standings, ("is", "is_not"))
    yield Criterion("due_on", _("dues paid until"), Sort.DAY, day_meaning("due_on"), section)
    kinds = tuple((str(pk), name) for pk, name in DuesKind.objects.values_list("pk", "name"))
    yield Criterion("dues", _("running dues"), Sort.SEVERAL, several_meaning(running_dues, "kind"), section, kinds)
    exempt = Q(is_exempt=True) | Q(status__isnull=False, status__is_exempt=True)
    yield Criterion("is_exempt", _("owes no membership dues"), Sort.YES_NO, yes_no_meaning(exempt), section)


def _standing(test: str, value: Any, today: date) -> Q:
    """Where somebody stands with the membership dues; who has left stands nowhere."""
    here, exempt = Q(left_on=None), Q(is_exempt=True) | Q(status__isnull=False, status__is_exempt=True)
    stands = {
        "up_to_date": here & Q(due_on__isnull=False, due_on__gte=today),
        "late": here & Q(due_on__isnull=False, due_on__lt=today) & ~exempt,
        "never": here & Q(due_on=None) & ~exempt,
        "exempt": here & exempt & (Q(due_on=None) | Q(due_on__lt=today)),
    }[value]
    return stands if test == "is" else ~stands


def _belonging() -> Iterator[Criterion]:
    section = _("In the association")
    statuses = tuple((str(pk), name) for pk, name in Status.objects.values_list("pk", "name"))
    yield Criterion(
        "status", pgettext("of a member", "status"), Sort.ONE, one_meaning("status", None), section, statuses
    )
    groups = tuple((str(pk), name) for pk, name in Group.objects.order_by("name").values_list("pk", "name"))
    label = pgettext("of a person", "groups")
    yield Criterion("groups", label, Sort.SEVERAL, several_meaning(places, "group"), section, groups)
    offices = tuple((str(pk), name) for pk, name in Office.objects.values_list("pk", "name"))
    yield Criterion("offices", _("offices held"), Sort.SEVERAL, several_meaning(terms, "office"), section, offices)
    yield Criterion("left", _("has left"), Sort.YES_NO, yes_no_meaning(Q(left_on__isnull=False)), section)
    for key, label in (("joined_on", _("member since")), ("left_on", _("left on"))):
        yield Criterion(key, label, Sort.DAY, day_meaning(key), section)
    yield Criterion("seniority", _("seniority in years"), Sort.YEARS, years_meaning("joined_on"), section)
    yield Criterion("leaving_reason", _("reason for leaving"), Sort.TEXT, text_meaning("leaving_reason"), section)
    in_family = yes_no_meaning(Q(family__isnull=False))
    yield Criterion("in_family", _("belongs to a family"), Sort.YES_NO, in_family, section)
    paid_for = yes_no_meaning(Q(payer__isnull=False))
    yield Criterion("paid_for", _("somebody else pays"), Sort.YES_NO, paid_for, section)
    yield Criterion(
        "organisations", _("belongs to an organisation"), Sort.SEVERAL, several_meaning(affiliations, "organisation"),
        section, tests=("filled", "empty"),
    )  # fmt: skip


def _who() -> Iterator[Criterion]:
    section = _("Who it is")
    kinds = tuple((str(value), str(label)) for value, label in RecordKind.choices)
    yield Criterion("kind", _("kind"), Sort.ONE, one_meaning("kind", ""), section, kinds, ("is", "is_not"))
    texts = {
        "display_name": _("name shown"), "given_name": _("first name"), "family_name": _("last name"),
        "organisation": _("organisation"),
    }  # fmt: skip
    for name, label in texts.items():
        yield Criterion(name, label, Sort.TEXT, text_meaning(f"person__{name}"), section)
    yield from _record_texts("number", "chosen_name", "title", "profession", "birth_place", "siret")
    yield Criterion("birth_date", _("birth date"), Sort.DAY, day_meaning("person__birth_date"), section)
    yield Criterion("age", _("age"), Sort.YEARS, years_meaning("person__birth_date"), section)
    yield Criterion("head_count", _("number of people"), Sort.NUMBER, number_meaning("head_count"), section)
    account = yes_no_meaning(Q(person__account__isnull=False))
    yield Criterion("account", _("has a login"), Sort.YES_NO, account, section)


def _reaching() -> Iterator[Criterion]:
    section = _("To reach them")
    for name in ("email", "phone", "mobile", "street", "postcode", "town", "country"):
        label = str(Person._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        yield Criterion(name, label, Sort.TEXT, text_meaning(f"person__{name}"), section)
    languages = (("fr", _("French")), ("en", _("English")))
    label = _("language of letters")
    yield Criterion("language", label, Sort.ONE, one_meaning("language", ""), section, languages)
    yield Criterion("website", _("website"), Sort.TEXT, text_meaning("website"), section)


def _agreed() -> Iterator[Criterion]:
    for name in ("newsletter", "photos_allowed", "in_directory", "in_public_list"):
        label, meaning = _label(name), yes_no_meaning(Q(**{name: True}))
        yield Criterion(name, label, Sort.YES_NO, meaning, _("What they agree to"))


def _record_texts(*names: str) -> Iterator[Criterion]:
    for name in names:
        yield Criterion(name, _label(name), Sort.TEXT, text_meaning(name), _("Who it is"))


def _label(name: str) -> str:
    return str(Record._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _own() -> Iterator[Criterion]:
    for asked in Field.objects.filter(kind__in=list(SORTS)):
        meaning: Meaning = answer_meaning(asked)
        choices = tuple((str(text), str(text)) for text in asked.choices)
        yield Criterion(
            f"champ-{asked.key}", asked.name, SORTS[FieldKind(asked.kind)], meaning, _("Your fields"), choices
        )
