"""Values for the addresses of what is printed of members (contract.py)."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tilios.core.people.models import Person
from tilios.tools.members.models import Card, LabelSheet, LetterTemplate, MadePaper, Record
from tilios.tools.members.papers.addresses import token_of


def objects(by: Person, record: Record) -> dict[str, Any]:
    """A card, a sheet, a letter, a paper asked for by `by`."""
    card = Card.objects.create(record=record)
    return {
        "paper": "etiquettes",
        "made_pk": _made(by).pk,
        "sheet_pk": _sheet("Planche").pk,
        "letter_pk": LetterTemplate.objects.create(name="Voeux", body="Bonjour {{ given_name }}").pk,
        "token": token_of(card),
    }


def fill(by: Person, made: list[Record]) -> dict[str, Any]:
    """The same, as many as there are records."""
    for record in made:
        card = Card.objects.create(record=record)
        _made(by)
        sheet = _sheet(f"Planche {record.pk}")
        letter = LetterTemplate.objects.create(name=f"Lettre {record.pk}", body="Bonjour {{ given_name }}")
    return {
        "paper": "etiquettes", "made_pk": _made(by).pk, "sheet_pk": sheet.pk, "letter_pk": letter.pk,
        "token": token_of(card),
    }  # fmt: skip


def _sheet(name: str) -> LabelSheet:
    return LabelSheet.objects.create(name=name, columns=2, rows=5, width=90, height=50)


def _made(by: Person) -> MadePaper:
    return MadePaper.objects.create(
        kind="etiquettes", made_by=by, people=1, progress_key="", expires_at=timezone.now() + timedelta(days=1)
    )
