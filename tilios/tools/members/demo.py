"""The demonstration: the register of La Fabrique, its dues of the year, what came in and what is late."""

from datetime import date, timedelta

from django.utils import timezone

from tilios.core.billing import actions as billing
from tilios.core.billing.models import Means
from tilios.core.people.models import Person
from tilios.core.people.queries import active_people
from tilios.core.structures.scope import current_structure
from tilios.tools.members import actions, demo_joining, past
from tilios.tools.members.actions import families, kinds, offices, organisations
from tilios.tools.members.actions.dues import charges_of
from tilios.tools.members.actions.waiting import follow_waiting
from tilios.tools.members.models import (
    Access,
    DuesKind,
    FieldKind,
    Pricing,
    Rate,
    Record,
    RecordKind,
    Status,
)

MEANS = (Means.CHEQUE, Means.TRANSFER, Means.CASH, Means.HELLOASSO)
TREASURER = ["members.money", "billing.view", "billing.record"]


def load(by: Person) -> None:
    """The members of La Fabrique; its neighbour has none yet, and sees what an empty register says."""
    if current_structure().slug != "la-fabrique":
        return
    active, founder = (offices.save_status(by=by, name=name) for name in ("Membre actif", "Membre fondateur"))
    actions.add_field(by=by, name="Savoir-faire à partager", kind=FieldKind.TEXT, seen_by=Access.MEMBERS,
                      changed_by=Access.MEMBER)  # fmt: skip
    records = _register(by, active, founder)
    _elect(by, records)
    year, plain, free = _dues(by)
    _household(by, records)
    _take(by, records, year, plain, free)
    demo_joining.load(by, year, active)
    past.load(by, active, year)
    follow_waiting()


def _register(by: Person, active: Status, founder: Status) -> list[Record]:
    """Everybody of the structure, the first ones its founders, and a member organisation."""
    joined = timezone.localdate() - timedelta(days=900)
    records = [
        actions.add_record(
            by=by, person=person, status=founder if number < 3 else active, in_directory=number % 3 != 2,
            newsletter=number % 2 == 0, joined_on=joined + timedelta(days=61 * number),
        )
        for number, person in enumerate(active_people())
    ]  # fmt: skip
    house = actions.add_record(
        by=by, organisation="Épicerie du Viaduc", kind=RecordKind.ORGANISATION, head_count=7, status=active,
        town="Morlaix", postcode="29600", joined_on=joined,
    )  # fmt: skip
    organisations.affiliate(by=by, organisation=house, record=records[-1], title="Gérance", is_contact=True)
    return [*records, house]


def _elect(by: Person, records: list[Record]) -> None:
    """Who keeps the money is named for it: the rights go with the office."""
    since = timezone.localdate() - timedelta(days=200)
    by_name = {record.person.given_name: record for record in records}
    for name, rights, holder in (("Présidence", [], "Alice"), ("Trésorerie", TREASURER, "Manon")):
        office = offices.save_office(by=by, name=name, actions=rights)
        if holder in by_name:
            offices.start_term(by=by, office=office, record=by_name[holder], starts_on=since, note="Assemblée générale")


def _dues(by: Person) -> tuple[DuesKind, Rate, Rate]:
    """The membership of the year, and a workshop by the season."""
    year = kinds.save_kind(
        by=by, name="Adhésion annuelle", span="months", months=12, grace_days=15,
        description="Le droit de vote en assemblée générale et l'accès aux ateliers.",
    )  # fmt: skip
    plain = kinds.save_rate(by=by, kind=year, name="Plein tarif", amount_cents=2400, instalments=3)
    free = kinds.save_rate(
        by=by, kind=year, name="Prix libre", pricing=Pricing.FREE, amount_cents=1500, floor_cents=500
    )
    kinds.save_rate(
        by=by, kind=year, name="Organisation", pricing=Pricing.FORMULA, formula="30 + 2 * head_count",
        for_organisations=True,
    )  # fmt: skip
    kinds.save_reminder(
        by=by, kind=year, days=-30, subject="Votre adhésion se termine le {fin_adhesion}",
        body="Bonjour {prenom},\n\nVotre adhésion court jusqu'au {fin_adhesion}. Pour la renouveler : {lien}\n\n"
        "{structure}",
    )  # fmt: skip
    workshop = kinds.save_kind(by=by, name="Atelier céramique", span="season", is_membership=False, account="706")
    kinds.save_rate(by=by, kind=workshop, name="Saison", amount_cents=12000, instalments=3)
    return year, plain, free


def _household(by: Person, records: list[Record]) -> None:
    """Two who live together: one pays for both."""
    first, second = records[-3], records[-2]
    family = families.save_family(by=by, name=f"Famille {first.person.family_name}")
    for record in (first, second):
        families.put_in_family(by=by, record=record, family=family)
    actions.change_record(by=by, record=second, payer=first)


def _take(by: Person, records: list[Record], year: DuesKind, plain: Rate, free: Rate) -> None:
    """Dues taken through the last months: most paid, some expected, one late, one not renewed."""
    today = timezone.localdate()
    for number, record in enumerate(records):
        record.refresh_from_db()
        day = today - timedelta(days=(23 * number) % 340)
        if record.kind == RecordKind.ORGANISATION:
            rate = year.rates.get(for_organisations=True)
            contribution = actions.contribute(by=by, record=record, kind=year, rate=rate, on=day)
        elif number % 4 == 3:
            contribution = actions.contribute(
                by=by, record=record, kind=year, rate=free, amount_cents=1000 + 100 * number, on=day
            )
        else:
            contribution = actions.contribute(by=by, record=record, kind=year, rate=plain, on=day)
        if number % 5 != 4:
            _pay(by, number, record, charges_of(contribution)[0].amount_cents, day)


def _pay(by: Person, number: int, record: Record, cents: int, day: date) -> None:
    means = MEANS[number % len(MEANS)]
    billing.record_payment(
        by=by, payer=record.payer.person if record.payer else record.person, means=means, received_on=day,
        amount_cents=cents, cheque_number=f"000{4210 + number}" if means == Means.CHEQUE else "",
        bank="Crédit coopératif" if means == Means.CHEQUE else "",
    )  # fmt: skip
