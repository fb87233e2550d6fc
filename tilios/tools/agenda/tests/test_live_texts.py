"""The live text of an event: begun, read in its page, left or thrown away."""

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from tilios.core.shelves.actions import rights as lists
from tilios.core.shelves.levels import Level
from tilios.core.structures.scope import scope
from tilios.core.toolbox import registry
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Entry
from tilios.tools.agenda.queries.attached import led_text
from tilios.tools.agenda.tests.contract import calendar, event
from tilios.tools.agenda.tests.test_events import HOME, changed, made

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(cast: "Cast") -> Client:
    return cast.client("alice")


def begun(cast: "Cast", client: Client, entry: Entry, **said: Any) -> Entry:
    query = f"?le={said.pop('le')}" if "le" in said else ""
    assert client.post(f"{HOME}evenements/{entry.pk}/texte/{query}", said).status_code == 302
    with scope(cast.fabrique):
        return Entry.objects.select_related("calendar", "author").get(pk=entry.pk)


def text_for(cast: "Cast", name: str, entry: Entry) -> Any:
    """What the page of the event gives of its text to that person; None for one that is closed to them."""
    with scope(cast.fabrique):
        led = led_text(getattr(cast, name), entry.description)
    assert led is not None
    return led.text


def test_a_text_is_begun_and_the_description_leads_to_it(cast: "Cast", alice: Client) -> None:
    entry = begun(cast, alice, made(cast, alice, description="Venez avec vos partitions"))
    assert entry.description.startswith("Venez avec vos partitions\n\nTexte de cet événement")
    text = text_for(cast, "alice", entry)
    assert (text.name, text.may_write, text.may_discard) == ("Chorale", True, True)
    page = alice.get(f"{HOME}evenements/{entry.pk}/").content.decode()
    assert text.page in page
    assert "Texte de cet événement :" not in page
    assert alice.get(text.page).status_code == 200


def test_who_sees_the_event_reads_and_who_changes_it_writes(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        space = calendar(cast.alice).folder
        lists.set_line(by=cast.alice, rights=open_spaces(cast.alice), folder=space, to=cast.gus, level=Level.VIEW)
    entry = begun(cast, alice, made(cast, alice))
    assert text_for(cast, "bob", entry).may_write
    read = text_for(cast, "gus", entry)
    assert (read.may_write, read.may_discard) == (False, False)
    assert "Ouvrir le texte" in cast.client("gus").get(f"{HOME}evenements/{entry.pk}/").content.decode()


def test_the_text_of_a_private_event_is_closed_to_the_others(cast: "Cast") -> None:
    entry = begun(cast, cast.client("bob"), made(cast, cast.client("bob"), is_private="on"))
    assert text_for(cast, "bob", entry).may_write
    assert text_for(cast, "gus", entry) is None


def test_what_is_written_is_read_in_the_page(cast: "Cast", alice: Client) -> None:
    entry = begun(cast, alice, made(cast, alice))
    text = text_for(cast, "alice", entry)
    form = alice.get(f"{text.page}ecrire/").context
    said = {"before": form["before"], "base": form["base"], "text": "Apportez un pupitre"}
    assert alice.post(f"{text.page}ecrire/", said).status_code == 302
    assert "Apportez un pupitre" in alice.get(f"{HOME}evenements/{entry.pk}/").content.decode()


def test_a_text_is_for_every_date_or_for_one(cast: "Cast", alice: Client) -> None:
    second = "20261210T173000Z"
    with scope(cast.fabrique):
        one, every = (
            event(cast.alice, start="20261203T173000Z", more="RRULE:FREQ=WEEKLY;COUNT=3\r\n") for _n in range(2)
        )
    assert "Texte" not in begun(cast, alice, one, le=second, scope="this").description
    assert "Texte" in begun(cast, alice, every, le=second, scope="all").description


@pytest.mark.parametrize(("sort", "stays"), [("garder", True), ("jeter", False)])
def test_a_text_is_removed_with_a_choice(cast: "Cast", alice: Client, sort: str, stays: bool) -> None:
    entry = begun(cast, alice, made(cast, alice, description="Venez"))
    address = text_for(cast, "alice", entry).address
    where = f"{HOME}evenements/{entry.pk}/texte/retirer/"
    assert "jeter" in alice.get(where).content.decode()
    assert alice.post(where, {"sort": sort}).status_code == 302
    with scope(cast.fabrique):
        assert Entry.objects.get(pk=entry.pk).description == "Venez"
        known = registry.capability("text.known")(cast.alice, [address])
    assert (known[address] is not None) == stays


def test_removing_what_somebody_changed_asks_again(cast: "Cast", alice: Client) -> None:
    entry = begun(cast, alice, made(cast, alice))
    changed(cast.client("manon"), entry, location="Ailleurs")
    answer = alice.post(f"{HOME}evenements/{entry.pk}/texte/retirer/", {"sort": "jeter", "etag": entry.etag})
    assert answer.status_code == 409
    assert text_for(cast, "alice", entry) is not None


def test_who_may_only_see_begins_no_text(cast: "Cast", alice: Client) -> None:
    entry = made(cast, alice)
    with scope(cast.fabrique):
        space = calendar(cast.alice).folder
        lists.set_line(by=cast.alice, rights=open_spaces(cast.alice), folder=space, to=cast.gus, level=Level.VIEW)
    assert cast.client("gus").post(f"{HOME}evenements/{entry.pk}/texte/").status_code == 403
    with scope(cast.fabrique):
        assert not Entry.objects.get(pk=entry.pk).description


def test_a_long_description_is_kept_whole(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        entry = event(cast.alice, more=f"DESCRIPTION:{'mot ' * 6000}fin\r\n")
    begun(cast, alice, entry)
    with scope(cast.fabrique):
        data = Entry.objects.get(pk=entry.pk).data.replace("\r\n ", "")
    assert "fin\\n\\nTexte de cet événement" in data
