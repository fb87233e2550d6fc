"""Acting for somebody, on screen."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cast import Cast
from tilios.core.journal.models import Entry
from tilios.core.notify.models import Notification
from tilios.core.people.actions.mandates import end_mandate, give_mandate
from tilios.core.people.models import Mandate, Person
from tilios.core.structures.scope import scope

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def give_url(person: Person) -> str:
    return f"/s/la-fabrique/personnes/{person.pk}/representant/"


@pytest.fixture
def mandate(cast: Cast) -> Mandate:
    """Gus lets Bob act for him."""
    with scope(cast.fabrique):
        return give_mandate(by=cast.gus, person=cast.gus, delegate=cast.bob)


def test_a_member_chooses_somebody_by_name(cast: Cast) -> None:
    page = cast.client("bob").get(f"{give_url(cast.bob)}?q=manon")
    assert [person.display_name for person in page.context["found"]] == ["Manon Le Goff"]
    assert (page.status_code, page.context["form"].errors) == (200, {})
    response = cast.client("bob").post(give_url(cast.bob), {"q": "manon", "delegate": cast.manon.pk, "until": ""})
    assert response.status_code == 302
    with scope(cast.fabrique):
        made = Mandate.objects.get()
        assert (made.person, made.delegate, made.on_paper, made.expires_at) == (cast.bob, cast.manon, False, None)
        assert Notification.objects.filter(person=cast.manon).exists()


def test_a_guest_must_know_the_whole_address(cast: Cast) -> None:
    client = cast.client("gus")
    assert client.get(f"{give_url(cast.gus)}?q=bob").context["found"] == []
    assert client.get(f"{give_url(cast.gus)}?q={cast.bob.email}").context["found"] == [cast.bob]
    response = client.post(give_url(cast.gus), {"q": "bob", "delegate": cast.bob.pk})
    assert response.status_code == 422
    with scope(cast.fabrique):
        assert not Mandate.objects.exists()


def test_a_manager_records_a_paper_with_its_scan(cast: Cast) -> None:
    data = {"q": "bob", "delegate": cast.bob.pk, "until": "31/12/2099", "note": "classeur bleu"}
    scan = SimpleUploadedFile("mandat.pdf", PDF, "application/pdf")
    assert cast.client("manon").post(give_url(cast.gus), {**data, "scan": scan}).status_code == 302
    with scope(cast.fabrique):
        made = Mandate.objects.get()
        told = set(Notification.objects.values_list("person", flat=True))
    assert (made.on_paper, made.expires_at.year) == (True, 2099)
    assert told == {cast.bob.pk, cast.gus.pk}
    paper = f"/s/la-fabrique/representants/{made.pk}/papier/"
    for who in ("bob", "gus", "manon"):
        response = cast.client(who).get(paper)
        assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]
    with scope(cast.fabrique):
        Person.objects.filter(pk=cast.manon.pk).update(role=20)
    assert cast.client("manon").get(paper).status_code == 404


@pytest.mark.parametrize("content", [b"<html><script>alert(1)</script>", b"MZ\x90\x00"])
def test_a_scan_is_a_pdf_or_an_image(cast: Cast, content: bytes) -> None:
    data = {"q": "bob", "delegate": cast.bob.pk, "scan": SimpleUploadedFile("x.pdf", content, "application/pdf")}
    assert cast.client("manon").post(give_url(cast.gus), data).status_code == 422


@pytest.mark.parametrize("change", [{"until": "1/1/2001"}, {"until": "demain"}, {"delegate": ""}, {"delegate": "9999"}])
def test_a_wrong_form_comes_back(cast: Cast, change: dict[str, str]) -> None:
    data = {"q": "bob", "delegate": str(cast.bob.pk), "until": "", **change}
    assert cast.client("manon").post(give_url(cast.gus), data).status_code == 422


def test_nobody_gives_for_others_nor_to_another_structure(cast: Cast) -> None:
    assert cast.client("bob").post(give_url(cast.alice), {"q": "manon", "delegate": cast.manon.pk}).status_code == 403
    response = cast.client("manon").post(give_url(cast.gus), {"q": "charlie", "delegate": cast.charlie.pk})
    assert response.status_code == 422
    assert cast.client("manon").post(give_url(cast.gus), {"q": "manon", "delegate": cast.manon.pk}).status_code == 403


def test_acting_shows_a_banner_keeps_both_names_and_stops(cast: Cast, mandate: Mandate) -> None:
    client = cast.client("bob")
    assert client.post(f"/s/la-fabrique/representants/{mandate.pk}/agir/").status_code == 302
    home = client.get(f"/s/la-fabrique/personnes/{cast.gus.pk}/")
    assert home.context["person"] == cast.gus
    assert b'class="acting"' in home.content
    entry = Entry.objects.filter(verb="people.read").latest("pk")
    assert (entry.actor, entry.on_behalf, entry.subject) == (cast.bob.pk, cast.gus.pk, cast.gus.pk)
    record = {"given_name": "Gus", "family_name": "Petit", "town": "Roscoff"}
    client.post(f"/s/la-fabrique/personnes/{cast.gus.pk}/modifier/", record)
    entry = Entry.objects.filter(verb="people.changed").latest("pk")
    assert (entry.actor, entry.on_behalf) == (cast.bob.pk, cast.gus.pk)
    assert client.get("/s/la-fabrique/personnes/").status_code == 403  # a guest's rights
    assert client.post(give_url(cast.gus), {"q": cast.manon.email, "delegate": cast.manon.pk}).status_code == 403
    assert client.post("/s/la-fabrique/representants/ne-plus-agir/").status_code == 302
    assert client.get("/s/la-fabrique/personnes/").status_code == 200
    verbs = list(Entry.objects.filter(verb__startswith="people.acting").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["people.acting_started", "people.acting_stopped"]


def test_the_person_sees_that_somebody_read_their_record_in_their_name(cast: Cast, mandate: Mandate) -> None:
    client = cast.client("bob")
    client.post(f"/s/la-fabrique/representants/{mandate.pk}/agir/")
    client.get(f"/s/la-fabrique/personnes/{cast.gus.pk}/")
    lines = cast.client("gus").get(f"/s/la-fabrique/personnes/{cast.gus.pk}/").context["readings"]
    assert [(line["name"], line["for"]) for line in lines] == [("Bob Lambert", "Gus Petit")]


def test_ending_it_stops_the_acting_at_once(cast: Cast, mandate: Mandate) -> None:
    client = cast.client("bob")
    client.post(f"/s/la-fabrique/representants/{mandate.pk}/agir/")
    assert cast.client("gus").post(f"/s/la-fabrique/representants/{mandate.pk}/fin/").status_code == 302
    assert client.get(f"/s/la-fabrique/personnes/{cast.gus.pk}/").context["person"] == cast.gus
    assert b'class="acting"' not in client.get(f"/s/la-fabrique/personnes/{cast.bob.pk}/").content
    with scope(cast.fabrique):
        assert Notification.objects.filter(person=cast.bob).exists()


def test_others_neither_act_nor_end_nor_see(cast: Cast, mandate: Mandate) -> None:
    assert cast.client("manon").post(f"/s/la-fabrique/representants/{mandate.pk}/agir/").status_code == 404
    for who, slug in (("charlie", "l-atelier"), ("charlie", "la-fabrique")):
        for page in ("agir/", "fin/"):
            assert cast.client(who).post(f"/s/{slug}/representants/{mandate.pk}/{page}").status_code == 404
    with scope(cast.fabrique):
        Person.objects.filter(pk=cast.manon.pk).update(role=20)
    assert cast.client("manon").post(f"/s/la-fabrique/representants/{mandate.pk}/fin/").status_code == 404
    with scope(cast.fabrique):
        mandate.refresh_from_db()
    assert mandate.is_active


def test_an_ended_mandate_starts_nothing_and_ends_once(cast: Cast, mandate: Mandate) -> None:
    with scope(cast.fabrique):
        end_mandate(by=cast.gus, mandate=mandate)
    assert cast.client("bob").post(f"/s/la-fabrique/representants/{mandate.pk}/agir/").status_code == 404
    assert cast.client("gus").post(f"/s/la-fabrique/representants/{mandate.pk}/fin/").status_code == 409


def test_acting_in_one_structure_changes_nothing_in_another(cast: Cast, mandate: Mandate) -> None:
    client = cast.client("bob")
    client.post(f"/s/la-fabrique/representants/{mandate.pk}/agir/")
    assert client.session["acting"] == {str(cast.fabrique.pk): mandate.pk}
