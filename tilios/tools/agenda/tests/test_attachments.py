"""Files attached to events: chosen, sent, shown to who may read them, given back to programs as they came."""

from base64 import b64encode
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tilios.core.shelves.levels import Space
from tilios.core.structures.scope import scope
from tilios.core.toolbox import registry
from tilios.kit import ical
from tilios.tools.agenda.models import Entry
from tilios.tools.agenda.tests.contract import event
from tilios.tools.agenda.tests.test_events import HOME, changed, form_of, made, typed

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
PAGE = b"<script>alert(1)</script>"
INLINE = f"ATTACH;FMTTYPE=text/html;ENCODING=BASE64;VALUE=BINARY;FILENAME=page.html:{b64encode(PAGE).decode()}\r\n"


@pytest.fixture
def alice(cast: "Cast") -> Client:
    return cast.client("alice")


@pytest.fixture
def poster(cast: "Cast") -> Any:
    """A file of Bob that everybody reads."""
    return kept(cast, "affiche.pdf")


def kept(cast: "Cast", name: str, *, own: bool = False) -> Any:
    """A file of Bob, in everybody's space or in his own."""
    with scope(cast.fabrique):
        places = registry.capability("file.places")(cast.bob)
        place = places[-1 if own else 0][0]
        upload = SimpleUploadedFile(name, b"%PDF-1.4 " + name.encode())
        return registry.capability("file.send")(
            by=cast.bob, place=place, folder="Communication", name=name, stream=upload
        )


def pieces(cast: "Cast", entry: Entry) -> list[str]:
    with scope(cast.fabrique):
        return [one.name for one in ical.attachments(Entry.objects.get(pk=entry.pk).data.encode())]


def page_of(client: Client, entry: Entry) -> str:
    return client.get(f"{HOME}evenements/{entry.pk}/").content.decode()


def test_a_chosen_file_is_in_the_event_and_on_its_page(cast: "Cast", alice: Client, poster: Any) -> None:
    entry = made(cast, alice, fichier=[poster.address])
    said = entry.data.replace("\r\n ", "")
    assert f"ATTACH;FMTTYPE=application/pdf;FILENAME=affiche.pdf;SIZE={poster.size}:{poster.address}" in said
    assert poster.address.startswith("http")
    page = page_of(alice, entry)
    assert poster.page in page
    assert poster.download in page


def test_who_may_not_read_the_file_learns_nothing_of_it(cast: "Cast", alice: Client) -> None:
    secret = kept(cast, "salaires.pdf", own=True)
    entry = made(cast, cast.client("bob"), fichier=[secret.address])
    assert "salaires.pdf" in page_of(cast.client("bob"), entry)
    page = page_of(alice, entry)
    assert "Un fichier que vous ne pouvez pas lire" in page
    assert "salaires" not in page
    assert secret.page not in page
    form = alice.get(f"{HOME}evenements/{entry.pk}/modifier/").content.decode()
    assert "salaires" not in form


def test_nobody_attaches_a_file_they_may_not_read(cast: "Cast", alice: Client) -> None:
    secret = kept(cast, "salaires.pdf", own=True)
    answer = alice.post(f"{HOME}nouveau/", typed(cast, fichier=[secret.address, "https://example.org/x"]))
    assert answer.status_code == 422
    assert "n&#x27;est plus là, ou vous est fermé" in answer.content.decode()
    with scope(cast.fabrique):
        assert not Entry.objects.exists()


def test_looking_for_a_file_keeps_what_was_typed(cast: "Cast", alice: Client, poster: Any) -> None:
    found = alice.post(f"{HOME}nouveau/", typed(cast, summary="Bal", mots="affi", chercher="1"))
    assert found.status_code == 200
    page = found.content.decode()
    assert poster.address in page
    assert 'value="Bal"' in page
    assert "error-summary" not in page
    with scope(cast.fabrique):
        assert not Entry.objects.exists()
    assert poster.address in alice.post(f"{HOME}nouveau/", typed(cast, mots="AFFICHE")).content.decode()


def test_folders_are_gone_through_without_a_script(cast: "Cast", alice: Client, poster: Any) -> None:
    def numbers(answer: Any) -> list[tuple[int, str]]:
        return list(answer.context["attaching"].choice.folders)

    spaces = numbers(alice.post(f"{HOME}nouveau/", typed(cast, parcourir="")))
    folders = numbers(alice.post(f"{HOME}nouveau/", typed(cast, parcourir=spaces[0][0])))
    number = next(number for number, name in folders if name == "Communication")
    inside = alice.post(f"{HOME}nouveau/", typed(cast, parcourir=number, summary=""))
    assert [one.name for one in inside.context["attaching"].choice.files] == ["affiche.pdf"]
    assert "error-summary" not in inside.content.decode()


def test_the_folder_of_somebody_else_shows_nothing(cast: "Cast", alice: Client) -> None:
    kept(cast, "salaires.pdf", own=True)
    with scope(cast.fabrique):
        own = registry.capability("file.places")(cast.bob)[-1][0]
    for asked in (own, 999_999, "abc"):
        answer = alice.post(f"{HOME}nouveau/", typed(cast, parcourir=asked))
        assert "salaires" not in answer.content.decode()
    assert "salaires" not in alice.post(f"{HOME}nouveau/", typed(cast, mots="salaires")).content.decode().replace(
        'value="salaires"', ""
    )


def test_a_sent_file_is_put_in_the_files_and_survives_a_mistake(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        place = registry.capability("file.places")(cast.alice)[0][0]
    upload = SimpleUploadedFile("plan.txt", b"Plan de la salle")
    answer = alice.post(f"{HOME}nouveau/", typed(cast, summary="", place=place, envoi=[upload]))
    assert answer.status_code == 422
    (sent,) = answer.context["attaching"].chosen
    assert f'value="{sent.address}" checked' in answer.content.decode()
    entry = made(cast, alice, fichier=[sent.address])
    assert pieces(cast, entry) == ["plan.txt"]
    assert alice.get(sent.download).status_code == 200
    with scope(cast.fabrique):
        choice = registry.capability("file.choose")(cast.alice, words="plan")
        assert [one.name for one in choice.files] == ["plan.txt"]


def test_a_file_is_sent_nowhere_one_may_not_write(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        own = registry.capability("file.places")(cast.bob)[-1][0]
    for place in (own, "", "x"):
        upload = SimpleUploadedFile("plan.txt", b"Plan")
        assert alice.post(f"{HOME}nouveau/", typed(cast, place=place, envoi=[upload])).status_code == 422


def test_attachments_stay_until_they_are_removed(cast: "Cast", alice: Client, poster: Any) -> None:
    with scope(cast.fabrique):
        entry = event(cast.alice, start="20261203T173000Z", more=f"ATTACH:https://example.org/a.pdf\r\n{INLINE}")
    assert changed(alice, entry, fichier=[poster.address]).status_code == 302
    assert pieces(cast, entry) == ["a.pdf", "page.html", "affiche.pdf"]
    with scope(cast.fabrique):
        key = ical.attachments(Entry.objects.get(pk=entry.pk).data.encode())[0].key
    assert changed(alice, entry, retirer=[key]).status_code == 302
    assert pieces(cast, entry) == ["page.html", "affiche.pdf"]
    with scope(cast.fabrique):
        assert INLINE.strip() in Entry.objects.get(pk=entry.pk).data.replace("\r\n ", "")


def test_bytes_in_an_event_are_saved_and_never_a_page(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        entry = event(cast.alice, more=INLINE)
        key = ical.attachments(entry.data.encode())[0].key
    assert "page.html" in page_of(alice, entry)
    answer = alice.get(f"{HOME}evenements/{entry.pk}/pieces/{key}/")
    assert answer.content == PAGE
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert alice.get(f"{HOME}evenements/{entry.pk}/pieces/0123456789abcdef/").status_code == 404


def test_only_addresses_of_the_web_are_links(cast: "Cast", alice: Client) -> None:
    lines = "ATTACH:javascript:alert(1)\r\nATTACH:https://example.org/ordre.pdf\r\nATTACH:CID:1@example.org\r\n"
    with scope(cast.fabrique):
        entry = event(cast.alice, more=lines)
    page = page_of(alice, entry)
    assert 'href="https://example.org/ordre.pdf"' in page
    assert 'href="javascript' not in page


def test_one_date_has_a_file_of_its_own(cast: "Cast", alice: Client, poster: Any) -> None:
    with scope(cast.fabrique):
        entry = event(cast.alice, start="20261203T173000Z", more="RRULE:FREQ=WEEKLY;COUNT=3\r\n")
    second = "20261210T173000Z"
    assert changed(alice, entry, second, scope="this", fichier=[poster.address]).status_code == 302
    assert pieces(cast, entry) == []
    shown = alice.get(f"{HOME}evenements/{entry.pk}/", {"le": second}).content.decode()
    assert "affiche.pdf" in shown
    assert form_of(alice, entry, second)["scope"] == "this"


def test_an_address_of_another_structure_is_no_file_of_ours(cast: "Cast", poster: Any) -> None:
    elsewhere = poster.address.replace("la-fabrique", "autre")
    with scope(cast.fabrique):
        known = registry.capability("file.known")(cast.bob, [elsewhere, poster.address, "https://["])
    assert list(known) == [poster.address]


def test_a_personal_space_is_asked_after_the_shared_one(cast: "Cast") -> None:
    with scope(cast.fabrique):
        names = [name for _number, name in registry.capability("file.places")(cast.bob)]
    assert len(names) >= 2
    assert str(Space.PERSONAL.label) not in names[0]
