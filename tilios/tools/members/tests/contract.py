"""Values for the URLs of the tool, for the isolation matrix and the contract suite."""

import io
from datetime import timedelta
from typing import Any

from django.utils import timezone
from PIL import Image

from tilios.core.blobs.actions import store
from tilios.core.blobs.images import store_image
from tilios.core.people import actions as people
from tilios.core.people.models import Person
from tilios.tools.members import actions
from tilios.tools.members.actions import mass
from tilios.tools.members.imports.staging import stage
from tilios.tools.members.models import (
    Access,
    Affiliation,
    Answer,
    Contribution,
    DuesKind,
    Family,
    Field,
    FieldKind,
    Office,
    Opening,
    PlacesCount,
    Rate,
    Record,
    ReminderRule,
    SavedSearch,
    Status,
    Term,
)
from tilios.tools.members.tests import joining_values, mailing_values, money_values, papers_values

#: Pages whose number of queries may not grow with the rows.
PAGES = (
    "members:home",
    "members:record",
    "members:change",
    "members:directory",
    "members:public_list",
    "members:fields",
    "members:field_remove",
    "members:settings",
    "members:dues",
    "members:own_dues",
    "members:kinds",
    "members:letters",
    "members:duplicates",
    "members:families",
    "members:family",
    "members:organisation",
    "members:money",
    "members:money_payments",
    "members:money_late",
    "members:money_late_rules",
    "members:money_add_late_rule",
    "members:money_batch",
    "members:money_notices",
    "members:money_move",
    "members:money_payer",
    "members:money_record",
    "members:money_payment",
    "members:money_cheques",
    "members:money_papers",
    "members:money_gifts",
    "members:money_match",
    "members:money_handled",
    "members:money_debits",
    "members:money_mandates",
    "members:money_entries",
    "members:imports",
    "members:saved_search",
    "members:statuses",
    "members:offices",
    "members:office",
    *mailing_values.PAGES,
    "members:applications",
    "members:application",
    "members:join_forms",
    "members:join_form",
    "members:join_preview",
    "members:change_join_form",
    "members:papers",
    "members:paper",
    "members:made_paper",
    "members:sheets",
    "members:letter_templates",
    "members:preview_letter",
    "members:change_letter",
    "members:card",
    "members:scan",
    "members:community",
    "members:community_settings",
    "members:mass_edits",
    "members:mass_edit",
)


def member(given_name: str = "Camille", family_name: str = "Dupont", **fields: Any) -> Record:
    """Somebody new in the register of the structure in scope."""
    return actions.add_record(by=None, given_name=given_name, family_name=family_name, **fields)


def dues(name: str = "Adhésion", **fields: Any) -> Rate:
    """A kind of dues of a year, with one rate of 20 euros."""
    kind = DuesKind.objects.create(**{"name": name, "span": "months", "months": 12} | fields)
    return Rate.objects.create(kind=kind, name="Plein tarif", amount_cents=2000)


def picture() -> io.BytesIO:
    """A small photograph."""
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "#b4532a").save(file, "JPEG")
    file.seek(0)
    return file


def objects(by: Person) -> dict[str, Any]:
    """A record with a photograph and a file, a field and dues of the same number, and what decides the dues, in the
    structure of `by`.
    """
    record = member(photo=store_image(picture()), in_directory=True, in_public_list=True)
    rate = dues()
    today = timezone.localdate()
    Contribution.objects.create(pk=record.pk, record=record, kind=rate.kind, first=today, amount_cents=1500)
    field = Field.objects.create(pk=record.pk, name="Attestation", key="attestation", kind=FieldKind.FILE)
    Answer.objects.create(record=record, field=field, text="attestation.pdf", blob=store(io.BytesIO(b"%PDF-1.4")))
    group = people.create_group(by=None, name="À jour")
    family = Family.objects.create(name="Famille Dupont")
    house = member("", "", organisation="La Ruche", kind="organisation")
    return {
        "pk": record.pk,
        "key": field.key,
        "kind_pk": rate.kind_id,
        "take_dues:kind_pk": dues("Atelier").kind_id,
        "family_pk": family.pk,
        "leave_family:pk": member("Lou", family=family).pk,
        "organisation:pk": house.pk,
        "affiliation_pk": Affiliation.objects.create(organisation=house, record=record).pk,
        "other_pk": member("Camile").pk,
        "rate_pk": rate.pk,
        "opening_pk": Opening.objects.create(kind=rate.kind, group=group).pk,
        "import_pk": stage(by=by, stream=io.BytesIO(b"Nom;Prenom\nLe Goff;Ana\n"), name="membres.csv").pk,
        "status_pk": Status.objects.create(name="Honneur").pk,
        "office_pk": (office := Office.objects.create(name="Présidence", group=group)).pk,
        "remove_office:office_pk": Office.objects.create(name="Jamais tenue").pk,
        "term_pk": Term.objects.create(office=office, record=record, starts_on=today).pk,
        "search_pk": SavedSearch.objects.create(name="Tout le monde", conditions={"all": []}, created_by=by).pk,
        "rule_pk": ReminderRule.objects.create(kind=rate.kind, days=-30, subject="Rappel", body="Bonjour").pk,
        "places_pk": PlacesCount.objects.create(day=today, places=120).pk,
        "mass_pk": mass.prepare(
            by=None, records=[record], thing="newsletter", value={"newsletter": "1"}, name="Lettre"
        ).pk,
        **money_values.objects(by, record),
        **mailing_values.objects(by, record),
        **joining_values.objects(),
        **papers_values.objects(by, record),
    }


def fill(by: Person, n: int) -> dict[str, Any]:
    """`n` members with their dues, of one family and one organisation, who answer a field."""
    actions.change_settings(by=None, has_public_list=True)
    text = Field.objects.filter(key="metier").first() or actions.add_field(
        by=None, name="Métier", kind=FieldKind.TEXT, in_list=True, seen_by=Access.MEMBERS
    )
    if not Field.objects.filter(key="majeur").exists():
        actions.add_field(by=None, name="Majeur", kind=FieldKind.FORMULA, formula="age >= 18", in_list=True)
    rate = dues(f"Adhésion {n}")
    made = [
        member("Camille", f"Dupont {number:04}", answers={text.key: "Tourneuse"}, in_directory=True)
        for number in range(n)
    ]
    for record in made:
        actions.contribute(by=None, record=record, kind=rate.kind, rate=rate)
    family = Family.objects.create(name=f"Famille {n}")
    Record.objects.filter(pk__in=[record.pk for record in made]).update(family=family)
    house = member("", "", organisation=f"La Ruche {n}", kind="organisation")
    for record in made:
        Affiliation.objects.create(organisation=house, record=record)
    office, _made = Office.objects.get_or_create(name="Présidence")
    for one in made:
        Term.objects.create(office=office, record=one, starts_on=timezone.localdate())
        Office.objects.create(name=f"Fonction {one.pk}")
        Status.objects.create(name=f"Statut {one.pk}")
    PlacesCount.objects.bulk_create(
        PlacesCount(day=timezone.localdate() - timedelta(days=one.pk), places=one.pk) for one in made
    )
    search, _made = SavedSearch.objects.get_or_create(name="Tout le monde", defaults={"conditions": {"all": []}})
    edit = mass.prepare(by=None, records=made, thing="newsletter", value={"newsletter": "1"}, name="Lettre")
    return {
        "mass_pk": edit.pk,
        "search_pk": search.pk,
        "office_pk": office.pk,
        "pk": _same_number(made[0]),
        "family_pk": family.pk,
        "organisation:pk": house.pk,
        **money_values.fill(by, made),
        **mailing_values.fill(by, made),
        **joining_values.fill(n),
        **papers_values.fill(by, made),
    }


def _same_number(record: Record) -> int:
    """The number of `record`, that a field has too: one value for every page that takes a number."""
    Field.objects.get_or_create(pk=record.pk, defaults={"name": f"Champ {record.pk}", "key": f"champ_{record.pk}"})
    return record.pk
