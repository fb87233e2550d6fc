"""What is written stays, with its past; and who may write."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.cast import make_person
from tilios.core.documents import actions, queries, rights, yjs
from tilios.core.documents.access import Access, Writer
from tilios.core.documents.models import Author, Document, Revision, Update
from tilios.core.documents.tests.standing import Typist, read
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.journal.models import Entry
from tilios.core.people.roles import Role
from tilios.tools.polls.models import Poll

if TYPE_CHECKING:
    from tests.cast import Cast


def write(document: Document, who: Any, typist: Typist, words: str) -> int:
    return actions.append(document=document, writer=Writer(person=who), data=typist.type(words))


def test_updates_are_numbered_and_their_sum_is_the_text(fabrique: "Cast", document: Document) -> None:
    bob = Typist(11)
    assert [write(document, fabrique.bob, bob, words) for words in ("un", "deux")] == [1, 2]
    assert read(queries.state(document)) == "<paragraph>un</paragraph><paragraph>deux</paragraph>"
    assert queries.authors(document)[11] == {
        "name": "Bob Lambert",
        "person": fabrique.bob.pk,
        "colour": fabrique.bob.pk % 8,
    }


def test_a_guest_reads_and_does_not_write(fabrique: "Cast", document: Document) -> None:
    assert rights.access_of(Writer(person=fabrique.gus), document) == Access.READ
    with pytest.raises(NotAllowed):
        write(document, fabrique.gus, Typist(1), "non")


def test_a_text_whose_thing_is_gone_or_whose_tool_is_off_opens_to_nobody(
    fabrique: "Cast", poll: Any, document: Document
) -> None:
    fabrique.fabrique.enabled_tools = ["colours"]
    document.structure = fabrique.fabrique
    assert rights.access_of(Writer(person=fabrique.alice), document) == Access.NONE
    fabrique.fabrique.enabled_tools = ["polls"]
    assert rights.access_of(Writer(person=fabrique.alice), document) == Access.MANAGE
    poll.delete()
    assert rights.access_of(Writer(person=fabrique.alice), document) == Access.NONE


def test_bytes_that_are_no_update_are_refused_and_store_nothing(fabrique: "Cast", document: Document) -> None:
    lost = Typist(5)
    lost.type("jamais reçu")
    for data in (b"", b"\xff" * 40, b"\x01\x01", lost.type("la suite de ce qui manque")):
        with pytest.raises(Invalid):
            actions.append(document=document, writer=Writer(person=fabrique.bob), data=data)
    assert not Update.objects.exists()
    assert queries.state(document) == yjs.NOTHING


def test_a_thing_has_one_text(fabrique: "Cast", poll: Any, document: Document) -> None:
    with pytest.raises(Conflict):
        actions.create(owner=poll, by=fabrique.alice)
    assert queries.document_of(poll) == document


def test_a_hand_that_two_people_claim_is_nobodys(fabrique: "Cast", document: Document) -> None:
    pen = Typist(7)
    write(document, fabrique.bob, pen, "de Bob")
    write(document, fabrique.manon, pen, "de Manon, sous le numéro de Bob")
    assert Author.objects.get(client=7).person is None
    assert queries.authors(document)[7]["name"] == ""
    assert [row.person for row in Update.objects.order_by("number")] == [fabrique.bob, fabrique.manon]


def test_a_moment_keeps_what_was_deleted_since_even_after_compaction(fabrique: "Cast", document: Document) -> None:
    bob = Typist(3)
    write(document, fabrique.bob, bob, "gardé")
    write(document, fabrique.bob, bob, "effacé plus tard")
    revision = actions.name_revision(document=document, by=Writer(person=fabrique.bob), name="Avant")
    assert revision.words == 4
    actions.append(document=document, writer=Writer(person=fabrique.bob), data=bob.erase(1))
    assert actions.compact(document)
    assert not actions.compact(document)
    assert "effacé" not in read(queries.state(document))
    assert b"effac" not in bytes(Document.objects.get().state)
    assert "effacé plus tard" in read(queries.state_at(document, revision.number))
    assert [row.first_number for row in Update.objects.order_by("number")] == [1, 3]
    moments = queries.history(document)
    assert [(one["number"], one["name"], one["writers"]) for one in moments] == [
        (2, "Avant", ["Bob Lambert"]),
        (3, "", ["Bob Lambert"]),
    ]


def test_restoring_writes_again_and_loses_nothing(fabrique: "Cast", document: Document) -> None:
    bob = Typist(3)
    write(document, fabrique.bob, bob, "l’été à Liège 🌻 œuvre")
    before = read(queries.state(document))
    actions.append(document=document, writer=Writer(person=fabrique.bob), data=bob.erase(0))
    write(document, fabrique.bob, bob, "autre chose")
    number = actions.restore(document=document, by=Writer(person=fabrique.manon), number=1)
    assert number == 4
    assert read(queries.state(document)) == before
    assert Revision.objects.get().number == 3
    assert "autre chose" in read(queries.state_at(document, 3))
    entry = Entry.objects.filter(verb="portal.text_restored").get()
    assert (entry.actor, entry.data) == (fabrique.manon.pk, {"number": 1})


def test_a_restored_text_keeps_its_marks_and_attributes() -> None:
    import pycrdt

    typist = Typist(4)
    with typist.doc.transaction():
        heading = yjs.root(typist.doc).children.append(pycrdt.XmlElement("heading", {"level": 2}))
        words = heading.children.append(pycrdt.XmlText("gras et simple"))
        words.format(0, 4, {"bold": {}})
        words.format(2, 8, {"link": {"href": "https://example.org/"}})
    whole = typist.doc.get_update()
    copy = yjs.new_doc(yjs.written_again(yjs.NOTHING, whole))
    again = yjs.root(copy).children[0]
    assert again.attributes["level"] == 2
    assert again.children[0].diff() == words.diff()


def test_a_copy_begins_its_own_history(fabrique: "Cast", document: Document) -> None:
    bob = Typist(3)
    write(document, fabrique.bob, bob, "modèle")
    other = Poll.objects.create(title="Autre", author=fabrique.alice)
    copy = actions.fork(document=document, owner=other, by=fabrique.manon)
    assert read(queries.state(copy)) == read(queries.state(document))
    assert copy.last_number == 1
    write(copy, fabrique.manon, Typist(8, queries.state(copy)), "à moi")
    assert "à moi" not in read(queries.state(document))


def test_a_passage_is_commented_answered_and_settled(fabrique: "Cast", document: Document) -> None:
    bob, manon, gus = (Writer(person=one) for one in (fabrique.bob, fabrique.manon, fabrique.gus))
    thread = actions.begin_thread(
        document=document, by=bob, start=b"\x01", end=b"\x02", quote="ici", body="@Manon Le Goff qu’en dis-tu ?"
    )
    actions.answer_thread(document=document, by=manon, thread=thread, body="Rien")
    with pytest.raises(NotAllowed):
        actions.answer_thread(document=document, by=gus, thread=thread, body="Moi non plus")
    with pytest.raises(Invalid):
        actions.answer_thread(document=document, by=manon, thread=thread, body="  ")
    assert actions.settle_thread(document=document, by=manon, thread=thread, settled=True).settled_by == fabrique.manon
    actions.answer_thread(document=document, by=bob, thread=thread, body="Si, encore")
    thread.refresh_from_db()
    assert thread.settled_at is None
    assert [row.body for row in queries.threads(document)[0].remarks.all()][1:] == ["Rien", "Si, encore"]


def test_contributions_count_what_each_wrote(fabrique: "Cast", document: Document) -> None:
    bob, manon = Typist(1), Typist(2)
    for words in ("un", "deux", "trois"):
        write(document, fabrique.bob, bob, words)
    write(document, fabrique.manon, manon, "quatre")
    assert [(one["name"], one["edits"]) for one in queries.contributions(document)] == [
        ("Bob Lambert", 3),
        ("Manon Le Goff", 1),
    ]


def test_somebody_who_has_left_has_no_right(fabrique: "Cast", document: Document) -> None:
    stranger = make_person(fabrique.fabrique, "Zoé Partie", Role.MEMBER)
    stranger.status = "left"
    assert rights.access_of(Writer(person=stranger), document) == Access.NONE
