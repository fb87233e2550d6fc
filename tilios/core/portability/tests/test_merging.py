"""Two people made one: all that names the one follows, and nobody gains what whoever merges could not give."""

import pytest

from tests.cast import Cast, make_person
from tilios.core.access.models import ActionGrant
from tilios.core.conversations.models import Comment, Reaction
from tilios.core.errors import Conflict, NotAllowed
from tilios.core.journal.actions import publish, record_read
from tilios.core.journal.models import Entry
from tilios.core.people import actions as people
from tilios.core.people import queries
from tilios.core.people.models import Invitation, Mandate, Membership, Person, Status
from tilios.core.people.roles import Role
from tilios.core.portability.merging import merge_people
from tilios.core.structures.scope import scope
from tilios.tools.files.models import Item


@pytest.fixture
def double(fabrique: Cast) -> Person:
    """A second Bob, without login."""
    return make_person(fabrique.fabrique, "Robert Lambert", Role.MEMBER, login=False)


def test_what_names_the_one_names_the_other(fabrique: Cast, double: Person) -> None:
    group = people.create_group(by=None, name="Rucher")
    people.add_to_group(by=None, person=double, group=group)
    comment = Comment.objects.create(kind="people.person", target=double.pk, author=double, text="Bonjour")
    comment.mentions.set([double])
    outcome = merge_people(by=fabrique.alice, kept=fabrique.bob, lost=double)
    comment.refresh_from_db()
    assert (comment.author, comment.target, list(comment.mentions.all())) == (
        fabrique.bob,
        fabrique.bob.pk,
        [fabrique.bob],
    )
    assert Membership.objects.get(group=group).person == fabrique.bob
    assert not Person.objects.filter(pk=double.pk).exists()
    assert outcome.moved["people.Membership"] == 1
    assert not outcome.given_up
    entry = Entry.objects.get(verb="people.merged")
    assert (entry.subject, entry.data) == (fabrique.bob.pk, {"merged": double.pk})


def test_what_the_one_kept_has_already_is_given_up_and_counted(fabrique: Cast, double: Person) -> None:
    group = people.create_group(by=None, name="Rucher")
    people.add_to_group(by=None, person=fabrique.bob, group=group)
    people.add_to_group(by=None, person=double, group=group, is_manager=True)
    comments = [Comment.objects.create(kind="people.group", target=group.pk, text=text) for text in "ab"]
    for comment in comments:
        Reaction.objects.create(comment=comment, person=double, sign="👍")
    Reaction.objects.create(comment=comments[0], person=fabrique.bob, sign="👍")
    outcome = merge_people(by=fabrique.alice, kept=fabrique.bob, lost=double)
    assert Membership.objects.get(person=fabrique.bob, group=group).is_manager
    assert Reaction.objects.filter(person=fabrique.bob).count() == 2
    assert outcome.given_up == {"people.Membership": 1, "conversations.Reaction": 1}
    assert outcome.moved["conversations.Reaction"] == 1


def test_one_of_the_two_here_makes_one_who_is_here(fabrique: Cast, double: Person) -> None:
    people.change_status(by=fabrique.alice, person=fabrique.gus, status=Status.LEFT)
    merge_people(by=fabrique.alice, kept=fabrique.gus, lost=double)
    assert Person.objects.get(pk=fabrique.gus.pk).is_active


def test_two_logins_are_never_made_one(fabrique: Cast) -> None:
    with pytest.raises(Conflict, match="compte"):
        merge_people(by=fabrique.alice, kept=fabrique.bob, lost=fabrique.gus)
    with pytest.raises(Conflict):
        merge_people(by=fabrique.alice, kept=fabrique.bob, lost=fabrique.bob)


def test_a_mandate_of_the_one_never_opens_the_other(fabrique: Cast, double: Person) -> None:
    mandate = Mandate.objects.create(person=double, delegate=fabrique.gus, recorded_by=fabrique.manon)
    with pytest.raises(Conflict, match="mandat"):
        merge_people(by=fabrique.alice, kept=fabrique.bob, lost=double)
    mandate.person, mandate.delegate = fabrique.gus, double
    mandate.save()
    with pytest.raises(Conflict, match="mandat"):
        merge_people(by=fabrique.alice, kept=fabrique.bob, lost=double)


def test_a_letter_to_the_one_lets_nobody_in_as_the_other(fabrique: Cast, double: Person) -> None:
    letter = Invitation.objects.create(token="t", email="robert@exemple.fr", person=double)
    merge_people(by=fabrique.alice, kept=fabrique.bob, lost=double)
    letter.refresh_from_db()
    assert letter.state == "revoked"


def test_nobody_gives_by_merging_what_they_do_not_hold(fabrique: Cast, double: Person) -> None:
    ActionGrant.objects.create(person=double, action="members.money", given_by=fabrique.alice)
    with pytest.raises(NotAllowed):
        merge_people(by=fabrique.manon, kept=fabrique.bob, lost=double)
    merge_people(by=fabrique.alice, kept=fabrique.bob, lost=double)
    assert ActionGrant.objects.get().person == fabrique.bob


def test_nobody_merges_somebody_above_them(fabrique: Cast) -> None:
    boss = make_person(fabrique.fabrique, "Alix Moreau", Role.ADMIN, login=False)
    with pytest.raises(NotAllowed):
        merge_people(by=fabrique.manon, kept=fabrique.bob, lost=boss)
    with pytest.raises(NotAllowed):
        merge_people(
            by=fabrique.manon, kept=fabrique.alice, lost=make_person(fabrique.fabrique, "Al M", 1, login=False)
        )


def test_one_without_the_right_puts_nobody_in_a_group_by_merging(fabrique: Cast, double: Person) -> None:
    group = people.create_group(by=None, name="Bureau")
    people.add_to_group(by=None, person=double, group=group)
    with pytest.raises(NotAllowed):
        merge_people(by=fabrique.bob, kept=fabrique.bob, lost=double)
    people.add_to_group(by=None, person=fabrique.bob, group=group, is_manager=True)
    merge_people(by=fabrique.bob, kept=fabrique.gus, lost=double)
    assert Membership.objects.filter(group=group, person=fabrique.gus).exists()


def test_what_cannot_be_one_stops_everything(fabrique: Cast, double: Person) -> None:
    for person in (fabrique.bob, double):
        root = Item.objects.create(owner=person, space="own", name="")
        Item.objects.create(parent=root, name="Journal", space="own")
    with pytest.raises(Conflict):
        merge_people(by=fabrique.alice, kept=fabrique.bob, lost=double)
    assert Person.objects.filter(pk=double.pk).exists()
    assert Item.objects.filter(name="Journal").count() == 2


def test_a_space_where_nothing_is_stops_nothing(fabrique: Cast, double: Person) -> None:
    for person in (fabrique.bob, double):
        root = Item.objects.create(owner=person, space="own", name="")
        Item.objects.filter(pk=root.pk).update(ruler=root)
    outcome = merge_people(by=fabrique.alice, kept=fabrique.bob, lost=double)
    assert outcome.given_up == {"files.Item": 1}
    assert Item.objects.get().owner == fabrique.bob


def test_the_past_of_the_one_is_told_with_the_others(fabrique: Cast, double: Person) -> None:
    publish("people.changed", by=fabrique.manon, subject=double)
    record_read(by=fabrique.manon, subject=double, what="people.record")
    third = make_person(fabrique.fabrique, "Rob Lambert", Role.MEMBER, login=False)
    merge_people(by=fabrique.alice, kept=third, lost=double)
    merge_people(by=fabrique.alice, kept=fabrique.bob, lost=third)
    assert double.pk in {entry.subject for entry in queries.history_of(fabrique.bob)}
    assert [entry.subject for entry in queries.readings_of(fabrique.bob)] == [double.pk]


def test_another_structure_is_not_touched(cast: Cast) -> None:
    with scope(cast.atelier):
        theirs = make_person(cast.atelier, "Bob Lambert", Role.MEMBER, login=False)
        comment = Comment.objects.create(kind="people.person", target=theirs.pk, author=theirs, text="Bonjour")
    with scope(cast.fabrique), pytest.raises(Conflict):
        merge_people(by=cast.alice, kept=cast.bob, lost=theirs)
    with scope(cast.atelier):
        comment.refresh_from_db()
        assert comment.author == theirs
