"""The journal, as people read it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import Cast
from tilios.core.access.models import ShareLink, Visitor
from tilios.core.conversations.models import Comment
from tilios.core.journal.actions import publish, record_read, through
from tilios.core.journal.models import Entry
from tilios.core.journal.queries import readings_of
from tilios.core.people import actions as people
from tilios.core.people.models import Person
from tilios.core.portability.erasing import erase
from tilios.core.structures.scope import scope
from tilios.portal.views.journal_lines import lines

URL = "/s/la-fabrique/journal/"


def sentence(entry: Entry, reader: Person) -> str:
    return lines([entry], reader)[0].sentence.replace("\u00a0", " ")


def test_who_did_what_to_whom(fabrique: Cast) -> None:
    entry = publish("people.changed", by=fabrique.alice, subject=fabrique.bob)
    assert sentence(entry, fabrique.alice) == "Alice Moreau a modifié une fiche : Bob Lambert"
    own = publish("people.changed", by=fabrique.bob, subject=fabrique.bob)
    assert sentence(own, fabrique.alice) == "Bob Lambert a modifié une fiche"


def test_both_names_when_somebody_acts_for_another(fabrique: Cast) -> None:
    fabrique.gus.acted_by = fabrique.bob
    entry = publish("people.changed", by=fabrique.gus)
    assert sentence(entry, fabrique.alice) == "Bob Lambert, pour Gus Petit, a modifié une fiche"


def test_a_thing_is_named_to_those_who_may_see_it(fabrique: Cast) -> None:
    group = people.create_group(by=fabrique.alice, name="Bureau")
    entry = Entry.objects.latest("pk")
    line = lines([entry], fabrique.alice)[0]
    assert sentence(entry, fabrique.alice) == "Alice Moreau a créé un groupe « Bureau »"
    assert line.thing is not None
    assert line.thing.url.endswith(f"/{group.pk}/")
    group.delete()
    assert "Bureau" not in sentence(entry, fabrique.alice)


def test_somebody_erased_a_visitor_the_host_and_the_machine(fabrique: Cast) -> None:
    gone = people.create_person(by=None, display_name="Qui s'en va")
    entry = publish("people.changed", by=gone)
    erase(by=fabrique.alice, person=gone)
    assert sentence(entry, fabrique.alice).startswith("Personne effacée ")
    link = ShareLink.objects.create(token="t", kind="people.person", target=1, mode="read")
    visitor = Visitor.objects.create(link=link, key="k", name="Une passante")
    with through("link"):
        assert sentence(publish("portal.commented", visitor=visitor), fabrique.alice).startswith("Une passante (de ")
    assert sentence(publish("portal.commented", account=fabrique.charlie.account), fabrique.alice).startswith("L’héb")
    with through("job"):
        assert sentence(publish("portal.commented"), fabrique.alice).startswith("Tilios ")


def test_a_verb_that_says_who_acts_is_not_said_twice(fabrique: Cast) -> None:
    entry = publish("portal.host_stepped_in", account=fabrique.charlie.account)
    line = lines([entry], fabrique.alice)[0]
    assert line.who is None
    assert line.sentence[0].isupper()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("qui=bob", {"people.read", "people.changed"}),
        ("qui=personne+de+ce+nom", set()),
        ("quoi=people", {"people.read", "people.changed"}),
        ("quoi=people.read", {"people.read"}),
        ("chose=people.person", {"portal.commented"}),
        ("chose=people.person&numero=999999", set()),
        ("porte=link", {"portal.commented"}),
        ("du=2020-01-01&au=2020-12-31", {"people.changed"}),
        ("du=demain&quoi=nothing&porte=x&numero=-1", {"people.read", "people.changed", "portal.commented"}),
    ],
)
def test_filters(cast: Cast, query: str, expected: set[str]) -> None:
    with scope(cast.fabrique):
        Entry.objects.create(
            structure=cast.fabrique, verb="people.changed", actor=cast.bob.pk,
            at=timezone.now().replace(year=2020, month=5, day=4),
        )  # fmt: skip
        record_read(by=cast.manon, subject=cast.bob, what="people.record")
        with through("link"):
            publish("portal.commented", by=cast.gus, target=cast.gus)
    page = cast.client("alice").get(f"{URL}?{query}").context["days"]
    assert {line.entry.verb for _day, found in page for line in found} - {
        "people.added",
        "portal.structure_created",
    } == expected


def test_it_is_read_by_those_who_manage_and_keeps_to_its_structure(cast: Cast) -> None:
    with scope(cast.atelier):
        publish("people.changed", by=cast.charlie)
    assert "Charlie" not in cast.client("manon").get(URL).content.decode()
    assert cast.client("bob").get(URL).status_code == 403
    assert cast.client("charlie").get(URL).status_code == 404


def test_pages(cast: Cast) -> None:
    with scope(cast.fabrique):
        for _number in range(70):
            publish("people.changed", by=cast.bob)
    assert len(cast.client("alice").get(f"{URL}?page=2").context["page"].object_list) > 20
    assert cast.client("alice").get(f"{URL}?page=900").status_code == 200


def test_as_a_sheet(cast: Cast) -> None:
    with scope(cast.fabrique):
        publish("people.changed", by=cast.bob, subject=cast.gus, fields=["email"])
        publish("portal.commented", by=cast.bob, target=cast.gus)
    answer = cast.client("alice").get("/s/la-fabrique/journal/journal.csv?quoi=people")
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert content.splitlines()[0].startswith("Date;Heure;Qui;Pour;")
    assert "Bob Lambert;;a modifié une fiche;;Gus Petit;Sur le web;people.changed" in content
    assert "portal.commented" not in content
    assert Entry.objects.filter(verb="portal.journal_exported", actor=cast.alice.pk).count() == 1


def test_no_more_queries_for_more_entries_of_more_people(cast: Cast) -> None:
    def queries() -> int:
        cast.client("alice").get(URL)
        with CaptureQueriesContext(connection) as asked:
            assert cast.client("alice").get(URL).status_code == 200
        return len(asked)

    def happen(count: int) -> None:
        with scope(cast.fabrique):
            for number in range(count):
                person = people.create_person(by=cast.alice, display_name=f"Personne {number}")
                people.create_group(by=person, name=f"Groupe {count} {number}")
                publish("portal.commented", by=person, target=person)

    happen(2)
    few = queries()
    happen(60)
    assert queries() <= few


def test_each_sees_who_read_their_record(fabrique: Cast) -> None:
    record_read(by=fabrique.manon, subject=fabrique.bob, what="people.record")
    record_read(by=fabrique.bob, subject=fabrique.bob, what="people.record")
    publish("people.changed", by=fabrique.alice, subject=fabrique.bob)
    assert [entry.actor for entry in readings_of(fabrique.bob)] == [fabrique.manon.pk]


def test_the_words_of_a_comment_are_nowhere_in_it(cast: Cast) -> None:
    with scope(cast.fabrique):
        Comment.objects.create(kind="people.person", target=cast.gus.pk, author=cast.bob, text="Confidence")
        publish("portal.commented", by=cast.bob, target=cast.gus)
    assert "Confidence" not in cast.client("alice").get(URL).content.decode()


def test_days_are_those_of_the_place(cast: Cast) -> None:
    """Just after midnight in Paris is still the day before in Greenwich."""
    moment = timezone.now().replace(year=2026, month=5, day=3, hour=22, minute=30) - timedelta(days=365)
    Entry.objects.create(structure=cast.fabrique, verb="people.changed", actor=cast.bob.pk, at=moment)
    page = cast.client("alice").get(f"{URL}?du=2025-05-04&au=2025-05-04")
    assert [day.isoformat() for day, _found in page.context["days"]] == ["2025-05-04"]
