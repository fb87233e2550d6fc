"""Papers of members: of whom, lists, records, what is made in the background, who may."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import Cast
from tilios.core.access import grants
from tilios.core.jobs import worker
from tilios.core.jobs.models import Progress
from tilios.core.journal.models import Entry
from tilios.core.people import actions as people
from tilios.core.people.models import Person
from tilios.core.structures.scope import scope
from tilios.tools.members import actions as register
from tilios.tools.members.models import Access, Family, FieldKind, MadePaper, Record, SavedSearch, Status
from tilios.tools.members.papers import jobs, making
from tilios.tools.members.papers.kinds import KINDS
from tilios.tools.members.tests.contract import dues, member
from tilios.tools.members.tests.reading_papers import pages_of, sizes_of

BASE = "/s/la-fabrique/adhesions/documents/"
ATTENDANCE = {"title": "AG 2026", "day": "2026-03-14", "blank_rows": "3"}


def names(cast: Cast, query: str) -> str:
    """The register printed of a choice, as words."""
    answer = cast.client("manon").post(f"{BASE}faire/registre/?{query}", data_of(query) | {"title": "Registre"})
    assert answer["Content-Type"] == "application/pdf", answer.content.decode()[:400]
    return " ".join(pages_of(answer.content))


def data_of(query: str) -> dict[str, list[str]]:
    data: dict[str, list[str]] = {}
    for pair in query.split("&"):
        key, _equal, value = pair.partition("=")
        data.setdefault(key, []).append(value)
    return data


def test_of_whom_a_set_with_a_name_or_some_of_it(fabrique: Cast) -> None:
    status, family = Status.objects.create(name="Actif"), Family.objects.create(name="Famille Morvan")
    group = people.create_group(by=None, name="Bureau")
    zoe = member("Zoé", "Alpha", status=status, family=family)
    yann = member("Yann", "Beta")
    Record.objects.filter(pk=yann.pk).update(due_on=timezone.localdate() + timedelta(days=9))
    register.leave(by=None, record=member("Parti", "Gamma"), on=timezone.localdate())
    people.add_to_group(by=None, group=group, person=yann.person)
    search = SavedSearch.objects.create(
        name="Z", conditions={"all": [{"field": "given_name", "test": "contains", "value": "Zo"}]}
    )
    for query, who in (
        ("pour=tous", {"Zoé", "Yann"}), (f"pour=statut-{status.pk}", {"Zoé"}), (f"pour=groupe-{group.pk}", {"Yann"}),
        (f"pour=famille-{family.pk}", {"Zoé"}), (f"pour=recherche-{search.pk}", {"Zoé"}), ("pour=a-jour", {"Yann"}),
        ("pour=jamais", {"Zoé"}), (f"pour=tous&m={zoe.pk}", {"Zoé"}),
        (f"pour=groupe-{group.pk}&m={zoe.pk}", {"Yann"}),
    ):  # fmt: skip
        words = names(fabrique, query)
        assert {name for name in ("Zoé", "Yann", "Parti") if name in words} == who, query


@pytest.mark.parametrize("whom", ["statut-0", "groupe-x", "recherche-99", "famille-²", "rien", "statut-" + "9" * 30])
def test_a_set_that_is_none_does_not_exist(fabrique: Cast, whom: str) -> None:
    assert fabrique.client("manon").get(BASE, {"pour": whom}).status_code == 404
    assert fabrique.client("manon").get(f"{BASE}faire/registre/", {"pour": whom}).status_code == 404


def test_the_sets_of_another_structure_do_not_exist(cast: Cast) -> None:
    with scope(cast.atelier):
        status, family = Status.objects.create(name="Leur"), Family.objects.create(name="La leur")
        theirs = member("Étranger")
    for whom in (f"statut-{status.pk}", f"famille-{family.pk}"):
        assert cast.client("manon").get(BASE, {"pour": whom}).status_code == 404
    with scope(cast.fabrique):
        member("Zoé")
    page = cast.client("manon").get(BASE, {"m": theirs.pk}).content.decode()
    assert "Étranger" not in page
    assert "1 personne" in page


def test_how_many_is_said_before_and_the_choice_goes_along(fabrique: Cast) -> None:
    zoe, yann = member("Zoé"), member("Yann")
    client = fabrique.client("manon")
    page = client.get(BASE, {"pour": "tous", "m": [zoe.pk]}).content.decode()
    assert "1 personne cochée sur 2" in page
    assert f"faire/cartes/?pour=tous&amp;m={zoe.pk}" in page
    asked = client.get(f"{BASE}faire/cartes/", {"pour": "tous", "m": [zoe.pk, yann.pk]}).content.decode()
    assert "2 cartes, 1 feuille" in asked
    counted = client.get(
        f"{BASE}faire/emargement/", {"pour": "tous", "compter": "1", "title": "AG", "blank_rows": "40"}
    ).content.decode()
    assert "2 personnes, environ 3 pages" in counted
    posted = client.post(f"{BASE}faire/emargement/", ATTENDANCE | {"do": "compter"})
    assert "text/html" in posted["Content-Type"]
    assert "environ 1 page" in posted.content.decode()


def test_an_attendance_sheet_is_sorted_repeats_its_head_and_numbers_its_pages(fabrique: Cast) -> None:
    for number in range(40):
        member("Camille", f"Dupont {39 - number:02}")
    data = ATTENDANCE | {"place": "Salle des fêtes", "columns": ["number", "standing", "proxy", "signature"]}
    answer = fabrique.client("manon").post(f"{BASE}faire/emargement/", data)
    words = pages_of(answer.content)
    assert "AG 2026" in words[0]
    assert "14 mars 2026" in words[0]
    assert "Salle des fêtes" in words[0]
    assert all("Pouvoir donné à" in page and "Signature" in page for page in words)
    assert f"1 / {len(words)}" in words[0]
    everything = " ".join(words)
    assert everything.index("DUPONT 00 Camille") < everything.index("DUPONT 39 Camille")
    assert sizes_of(answer.content)[0] == (210.0, 297.0)
    lying = fabrique.client("manon").post(f"{BASE}faire/emargement/", data | {"landscape": "on"})
    assert sizes_of(lying.content)[0] == (297.0, 210.0)


def test_wrong_options_are_said_and_kept(fabrique: Cast) -> None:
    member("Zoé")
    answer = fabrique.client("manon").post(
        f"{BASE}faire/emargement/", ATTENDANCE | {"day": "le 45 mars", "blank_rows": "900"}
    )
    assert answer.status_code == 422
    assert 'value="900"' in answer.content.decode()
    assert "AG 2026" in answer.content.decode()


def test_nobody_to_print_is_said(fabrique: Cast) -> None:
    answer = fabrique.client("manon").post(f"{BASE}faire/cartes/", {"title": "Carte"})
    assert answer.status_code == 422
    assert "personne à imprimer" in answer.content.decode()
    member("Sans", "Adresse")
    data = {"sheet": "l7160", "first": "1", "each": "famille"}
    assert "Aucune de ces personnes" in fabrique.client("manon").post(f"{BASE}faire/etiquettes/", data).content.decode()


def test_the_register_lies_down_with_the_columns_chosen_and_no_private_note(fabrique: Cast) -> None:
    zoe = member("Zoé", "<Alpha>", town="Lille", email="zoe@example.org", note="Ne jamais imprimer")
    data = {"title": "Registre 2026", "columns": ["town", "number", "email"]}
    answer = fabrique.client("manon").post(f"{BASE}faire/registre/", data)
    [words] = pages_of(answer.content)
    assert sizes_of(answer.content) == [(297.0, 210.0)]
    assert "<ALPHA> Zoé" in words
    assert "zoe@example.org" in words
    assert "jamais imprimer" not in words
    reading = Entry.objects.get(verb="people.read", subject=zoe.person_id, data__what="members.papers")
    assert reading.actor == fabrique.manon.pk
    assert Entry.objects.get(verb="members.papers_made").data == {"paper": "registre", "people": 1}


def test_records_to_check_say_what_is_known_and_not_the_note(fabrique: Cast) -> None:
    field = register.add_field(by=None, name="Métier", kind=FieldKind.TEXT, seen_by=Access.KEEPERS)
    bob = register.add_record(by=None, person=fabrique.bob, answers={field.key: "Tourneur"}, town="Lille")
    Person.objects.filter(pk=fabrique.bob.pk).update(note="Ne jamais imprimer")
    words = pages_of(fabrique.client("manon").post(f"{BASE}faire/fiches/", {"note": "Merci."}).content)
    assert len(words) == 1
    for said in ("Bob Lambert", "Lille", "Tourneur", "Merci.", "Signature", "À corriger en"):
        assert said in words[0]
    assert "jamais imprimer" not in words[0]
    own = pages_of(fabrique.client("bob").get(f"/s/la-fabrique/adhesions/fiches/{bob.pk}/fiche.pdf").content)[0]
    assert "Bob Lambert" in own
    assert "Tourneur" not in own
    assert "jamais imprimer" not in own


def test_the_blank_form_asks_what_members_may_write(fabrique: Cast) -> None:
    dues("Adhésion annuelle")
    register.add_field(by=None, name="Taille de tee-shirt", kind=FieldKind.CHOICE, choices=["S", "M"])
    register.add_field(by=None, name="Réservé au bureau", kind=FieldKind.TEXT, seen_by=Access.KEEPERS)
    client = fabrique.client("manon")
    assert client.get(f"{BASE}bulletin/").status_code == 200
    answer = client.post(f"{BASE}bulletin/", {"title": "Bulletin 2026", "with_dues": "on", "note": "Vos données."})
    words = " ".join(pages_of(answer.content))
    for said in ("Bulletin 2026", "Adhésion annuelle", "Plein tarif", "20,00 €", "Taille de tee-shirt", "Vos données."):
        assert said in words
    assert "Réservé" not in words
    without = client.post(f"{BASE}bulletin/", {"title": "Bulletin 2026"})
    assert "Plein tarif" not in " ".join(pages_of(without.content))
    assert client.post(f"{BASE}bulletin/", {"title": ""}).status_code == 422


def test_many_people_are_printed_in_the_background(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "AT_ONCE", 2)
    with scope(cast.fabrique):
        for number in range(3):
            member("Camille", f"Dupont {number}", street="1 rue Neuve", town="Lille")
    client = cast.client("manon")
    data = {"sheet": "l7160", "first": "1", "each": "personne", "pour": "tous"}
    assert "en arrière-plan" in client.get(f"{BASE}faire/etiquettes/").content.decode()
    page = client.post(f"{BASE}faire/etiquettes/", data)["Location"]
    assert "Vous pouvez quitter cette page" in client.get(page).content.decode()
    assert "0 personnes sur 3" in client.get(f"{page}avancement/", headers={"HX-Request": "true"}).content.decode()
    assert client.get(f"{page}papier.pdf")["Location"] == page
    worker.run_all()
    done = client.get(f"{page}avancement/", headers={"HX-Request": "true"})
    assert (done.status_code, done["HX-Redirect"]) == (204, page)
    assert "Prendre le PDF" in client.get(page).content.decode()
    body = b"".join(client.get(f"{page}papier.pdf"))
    assert "Camille Dupont 2" in pages_of(body)[0]
    assert page in client.get(BASE).content.decode()
    assert Progress.objects.get().done == 3
    with scope(cast.fabrique):
        made = MadePaper.objects.get()
    assert cast.client("alice").get(page).status_code == 404
    assert cast.client("alice").get(f"{page}papier.pdf").status_code == 404
    jobs.make.call(cast.fabrique.pk, made.pk)  # taken again after a crash
    assert len(Entry.objects.filter(verb="members.papers_made")) == 1
    assert jobs.forget_old() == 0
    with scope(cast.fabrique):
        MadePaper.objects.update(created_at=timezone.now() - timedelta(days=2))
    assert jobs.forget_old() == 1


def test_a_job_of_somebody_who_may_no_longer_makes_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "AT_ONCE", 0)
    with scope(cast.fabrique):
        member("Zoé")
    page = cast.client("manon").post(f"{BASE}faire/cartes/", {"title": "Carte"})["Location"]
    with scope(cast.fabrique):
        Person.objects.filter(pk=cast.manon.pk).update(role=cast.bob.role)
    worker.run_all()
    with scope(cast.fabrique):
        assert MadePaper.objects.get().blob is None
        Person.objects.filter(pk=cast.manon.pk).update(role=cast.manon.role)
    assert "pas pu être fait" in cast.client("manon").get(page).content.decode()


def test_too_many_are_refused(fabrique: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "MOST", 1)
    for name in ("Zoé", "Yann"):
        member(name)
    answer = fabrique.client("manon").post(f"{BASE}faire/cartes/", {"title": "Carte"})
    assert answer.status_code == 422
    assert "1 personnes au plus" in answer.content.decode()


@pytest.mark.parametrize("who", ["bob", "gus"])
def test_papers_are_for_those_who_keep_the_register(fabrique: Cast, who: str) -> None:
    grants.give(by=fabrique.alice, person=fabrique.bob, action="members.money")
    for end in ("", "faire/cartes/", "bulletin/", "planches/", "lettres/"):
        assert fabrique.client(who).get(f"{BASE}{end}").status_code == 403
    assert fabrique.client("manon").get(f"{BASE}faire/rien/").status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_people(fabrique: Cast) -> None:
    def queries(kind: str) -> int:
        form = KINDS[kind].form(by=fabrique.manon).with_defaults()
        assert form.is_valid()
        found = list(Record.objects.select_related("person", "status", "payer__person", "family", "photo"))
        with CaptureQueriesContext(connection) as seen:
            for _part in KINDS[kind].parts(fabrique.manon, found, form.cleaned_data):
                continue
        return len(seen)

    register.add_field(by=None, name="Métier", kind=FieldKind.TEXT)
    kinds = ("cartes", "etiquettes", "emargement", "registre", "fiches")
    member("Zoé", street="1 rue Neuve", town="Lille")
    few = {kind: queries(kind) for kind in kinds}
    for number in range(8):
        member("Yann", f"B{number}", street=f"{number} rue Neuve", town="Lille")
    queries("cartes")
    assert all(queries(kind) <= few[kind] for kind in kinds)
