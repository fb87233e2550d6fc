"""Reads of joining online: forms, their rates, what waits, who is in the register already."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access.roles import may
from tilios.core.errors import Invalid
from tilios.core.people.models import Person
from tilios.core.people.queries import active_people, by_email
from tilios.kit.dues import Period
from tilios.kit.expressions import cents_of
from tilios.kit.refusals import Refusal
from tilios.kit.text import fold
from tilios.tools.members import pricing
from tilios.tools.members.models import (
    Applicant,
    Application,
    ApplicationState,
    DuesKind,
    Field,
    FieldKind,
    JoinForm,
    Pricing,
    Rate,
    Record,
    RecordKind,
)
from tilios.tools.members.queries.duplicates import like, sketch
from tilios.tools.members.queries.records import records
from tilios.tools.members.queries.words import words_of

#: What a stranger is not asked: a file of theirs is no safe thing to take, a computed field is nobody's to fill.
NOT_ASKED = (FieldKind.FILE, FieldKind.FORMULA)


def open_forms() -> list[JoinForm]:
    """The forms that take applications today, by title. One query."""
    return [form for form in JoinForm.objects.filter(is_open=True) if form.takes_applications]


def listed_forms() -> QuerySet[JoinForm]:
    """Every form, with `waiting`: how many wait for an answer."""
    waits = Q(applications__state=ApplicationState.WAITING)
    return JoinForm.objects.annotate(waiting=Count("applications", filter=waits)).order_by("-is_open", "title")


def fields_asked(form: JoinForm) -> list[Field]:
    return list(form.fields.exclude(kind__in=NOT_ASKED))


def rates_offered(form: JoinForm) -> list[tuple[DuesKind, Period, list[Rate]]]:
    """Each kind of dues that the form offers, the days it covers from today, and its rates. Three queries.

    A rate for some statuses is offered where the form gives one of them.
    """
    rates = Rate.objects.filter(is_archived=False).prefetch_related("statuses")
    found = []
    for kind in form.kinds.filter(is_archived=False).prefetch_related(Prefetch("rates", rates)):
        offered = [rate for rate in kind.rates.all() if _is_for(rate, form)]
        if offered:
            found.append((kind, kind.term.period(timezone.localdate()), offered))
    return found


def _is_for(rate: Rate, form: JoinForm) -> bool:
    statuses = {row.status_id for row in rate.statuses.all()}
    return not statuses or form.status_id in statuses


@dataclass
class Asked:
    """Somebody who asks, before anything is kept of them: what prices are computed from."""

    kind: str
    birth_date: date | None
    town: str = ""
    postcode: str = ""
    head_count: int | None = None
    answers: dict[str, Any] | None = None
    family_size: int = 1

    def price(self, rate: Rate, form: JoinForm, *, quotient_cents: int | None, chosen_cents: int | None) -> int:
        """What they pay at `rate`, in cents. Raises Invalid as pricing.amount, Invalid("rate") for one not for them."""
        today = timezone.localdate()
        record = Record(kind=self.kind, status=form.status, head_count=self.head_count, joined_on=today)
        record.person = Person(birth_date=self.birth_date, town=self.town, postcode=self.postcode)
        if not pricing.fits(rate, record, today):
            aged = rate.min_age is not None or rate.max_age is not None
            if aged and self.birth_date is None:
                raise Invalid("birth_date", _("Say the birth date: this rate depends on the age."))
            raise Invalid("rate", _("This rate is not for them: read for whom it is."))
        if rate.pricing != Pricing.FORMULA:
            return pricing.amount(rate, record, on=today, quotient_cents=quotient_cents, chosen_cents=chosen_cents)
        said = {key: _word(value) for key, value in (self.answers or {}).items() if value not in (None, "", [])}
        words = words_of(record, on=today, quotient_cents=quotient_cents) | said | {"family_size": self.family_size}
        if "quotient" in rate.formula and quotient_cents is None:
            raise Invalid("quotient", _("Say the quotient of the household."))
        try:
            return cents_of(rate.formula, words)
        except Refusal as refusal:
            raise Invalid("rate", _(refusal.message) % refusal.params) from refusal


def _word(value: Any) -> Any:
    """A value of a field as formulas know it: numbers alone are not what forms give."""
    if isinstance(value, date):
        return max(0, (timezone.localdate() - value).days // 365)
    return value if isinstance(value, (str, bool)) else tuple(value) if isinstance(value, list) else float(value)


# Applications -------------------------------------------------------------------------------------------------------


def applications() -> QuerySet[Application]:
    """Every application, with its form and who asks."""
    people = Applicant.objects.select_related("rate__kind", "record__person", "contribution")
    rows = Application.objects.select_related("form", "record__person", "decided_by")
    return rows.prefetch_related(Prefetch("applicants", people))


def visible_applications(person: Person) -> QuerySet[Application]:
    """Those that `person` sees: all whose address is confirmed for who keeps the register, none for others."""
    rows = applications().exclude(state=ApplicationState.SENT)
    return rows if may(person, "members.register") else rows.none()


def waiting_count() -> int:
    """How many wait for an answer. One query."""
    return Application.objects.filter(state=ApplicationState.WAITING).count()


# Who is there already -----------------------------------------------------------------------------------------------


def member_at(email: str) -> Record | None:
    """The member, not gone, whose address it is: theirs, another one of theirs, or that of their login."""
    rows = records().annotate(_others=Cast("other_emails", TextField())).filter(left_on=None)
    held = Q(person__email__iexact=email) | Q(person__account__email__iexact=email)
    return rows.filter(held | Q(_others__icontains=f'"{email}"')).first()


def person_at(email: str, applicant: Applicant) -> Person | None:
    """The one of the structure without a record who has this address and this name: it is they, nobody else."""
    held = by_email(email) | Person.objects.filter(account__email__iexact=email)
    rows = active_people().filter(pk__in=held.values("pk"), member_record=None)
    same = [one for one in rows if _name(one.given_name, one.family_name) == _name_of(applicant)]
    return same[0] if len(same) == 1 else None


def _name(given: str, family: str) -> list[str]:
    return sorted(fold(f"{given} {family}").replace("-", " ").split())


def _name_of(applicant: Applicant) -> list[str]:
    return _name(applicant.given_name, applicant.family_name)


def alike(application: Application, people: Iterable[Applicant]) -> dict[int, list[tuple[Record, list[str]]]]:
    """For each applicant, by number, the records of the register that may be of them, and the reasons. Two queries."""
    people = list(people)
    sketches = [
        sketch(
            pk=-one.pk,
            kind=one.kind,
            family=-1,
            name=f"{one.given_name} {one.family_name}" if one.kind == RecordKind.HUMAN else one.organisation,
            mails=[application.email] if one.order == 0 else [],
            birth_date=one.birth_date,
            postcode=one.said.get("postcode", ""),
        )
        for one in people
    ]
    found = like(sketches)
    rows = records().in_bulk({pk for near in found.values() for pk in near})
    return {
        one.pk: [(rows[pk], reasons) for pk, reasons in found[-one.pk].items() if pk in rows] for one in people
    }  # fmt: skip
