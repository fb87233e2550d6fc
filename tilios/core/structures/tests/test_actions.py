"""Structures say what they are, in a form that can be relied on; the host suspends and weighs them."""

import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tilios.core.blobs.actions import store
from tilios.core.errors import Invalid
from tilios.core.journal.models import Entry
from tilios.core.structures import actions
from tilios.core.structures.models import Structure
from tilios.core.structures.sizes import sizes


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"name": "  Le   Garage "}, {"name": "Le Garage"}),
        ({"rna": "w 751 004 076"}, {"rna": "W751004076"}),
        ({"siret": "732 829 320"}, {"siret": "732829320"}),
        ({"siret": "732 829 320 00074"}, {"siret": "73282932000074"}),
        ({"siret": ""}, {"siret": ""}),
        ({"colour": "24A"}, {"colour": "#2244aa"}),
        ({"postcode": "1000", "country": "FR"}, {"postcode": "01000", "country": "FR"}),
        ({"postcode": "1000", "country": "BE"}, {"postcode": "1000", "country": "BE"}),
    ],
)
def test_what_is_right_is_put_in_one_form(given: dict[str, str], kept: dict[str, str]) -> None:
    assert actions.checked(**given) == kept


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": "  "}, "name"),
        ({"rna": "W75"}, "rna"),
        ({"rna": "Volume 12 folio 34"}, "rna"),
        ({"siret": "732829321"}, "siret"),
        ({"siret": "12"}, "siret"),
        ({"siret": "732 829 320 000"}, "siret"),
        ({"colour": "red"}, "colour"),
        ({"colour": "#12345"}, "colour"),
        ({"timezone": "Europe/Lutece"}, "timezone"),
        ({"timezone": "../../etc/passwd"}, "timezone"),
        ({"language": "tlh"}, "language"),
        ({"postcode": "99999", "country": "FR"}, "postcode"),
    ],
)
def test_what_is_wrong_is_refused_with_its_field(given: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        actions.checked(**given)
    assert refusal.value.field == field
    assert str(refusal.value.message)


def test_two_structures_of_one_name_have_two_addresses(db: None) -> None:
    slugs = [actions.create_structure(name="Le Garage").slug for _time in range(3)]
    assert slugs == ["le-garage", "le-garage-2", "le-garage-3"]


def test_creating_is_written_in_the_structures_journal(db: None) -> None:
    made = actions.create_structure(name="Le Garage")
    assert Entry.objects.get(verb="portal.structure_created").structure_id == made.pk


def test_changing_says_which_fields_and_not_what_they_hold(fabrique: Cast) -> None:
    actions.change_structure(by=fabrique.alice, structure=fabrique.fabrique, town="Brest", name="La Fabrique")
    assert Entry.objects.get(verb="portal.structure_changed").data == {"fields": ["town"]}
    actions.change_structure(by=fabrique.alice, structure=fabrique.fabrique, town="Brest")
    assert Entry.objects.filter(verb="portal.structure_changed").count() == 1


def test_a_suspended_structure_says_why_and_opens_again(cast: Cast) -> None:
    actions.suspend(account=None, structure=cast.fabrique, reason="Unpaid since March")
    page = cast.client("bob").get("/s/la-fabrique/")
    assert page.status_code == 503
    assert "Unpaid since March" in page.content.decode()
    actions.resume(account=None, structure=cast.fabrique)
    assert cast.client("bob").get("/s/la-fabrique/").status_code == 200
    assert Entry.objects.filter(structure=cast.fabrique, verb__startswith="portal.structure_").count() == 3


def test_suspending_asks_for_a_reason(cast: Cast) -> None:
    with pytest.raises(Invalid):
        actions.suspend(account=None, structure=cast.fabrique, reason="  ")


def test_sizes_count_people_rows_and_bytes_without_mixing_structures(cast: Cast) -> None:
    logo = store(io.BytesIO(b"x" * 1234), media_type="image/png")
    Structure.objects.filter(pk=cast.atelier.pk).update(logo=logo)
    found = sizes(Structure.objects.all())
    fabrique, atelier = found[cast.fabrique.pk], found[cast.atelier.pk]
    assert (fabrique.people, fabrique.logins, fabrique.blob_bytes) == (4, 4, 0)
    assert (atelier.people, atelier.blob_count, atelier.blob_bytes) == (1, 1, 1234)
    assert fabrique.rows["people.Person"] == 4
    assert fabrique.total_rows >= 4


def test_sizes_take_the_same_queries_for_one_structure_or_many(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as few:
        sizes([cast.fabrique])
    for number in range(20):
        actions.create_structure(name=f"Place {number}")
    with CaptureQueriesContext(connection) as many:
        sizes(list(Structure.objects.all()))
    assert len(many) <= len(few) + 1  # one more to list them
