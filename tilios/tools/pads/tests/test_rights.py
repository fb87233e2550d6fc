"""Who reads, comments and writes: by the lists of rights, by links, and at once when they change."""

from typing import TYPE_CHECKING

import pytest

from tilios.core.access import sharing
from tilios.core.access.models import ShareLink, Visitor
from tilios.core.documents import rights as documents
from tilios.core.documents.access import Access, Writer
from tilios.core.errors import NotAllowed
from tilios.core.people.models import Person
from tilios.core.people.roles import Role
from tilios.core.shelves.actions import rights as lists
from tilios.core.shelves.levels import Level
from tilios.core.structures.scope import scope
from tilios.tools.pads.actions import texts
from tilios.tools.pads.actions.spaces import open_spaces
from tilios.tools.pads.models import Item
from tilios.tools.pads.tests.contract import folder, text

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


def access(person: Person, item: Item) -> Access:
    again = Person.objects.get(pk=person.pk)
    again.structure = person.structure
    return documents.access_of(Writer(person=again), texts.document_of(item))


def test_members_write_in_the_common_space_and_guests_do_not_see_it(cast: "Cast") -> None:
    with scope(cast.fabrique):
        item = text(cast.bob)
        assert access(cast.bob, item) == Access.WRITE
        assert access(cast.alice, item) == Access.MANAGE
        assert access(cast.gus, item) == Access.NONE


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (Level.VIEW, Access.READ),
        (Level.COMMENT, Access.COMMENT),
        (Level.ADD, Access.COMMENT),
        (Level.EDIT, Access.WRITE),
        (Level.MANAGE, Access.MANAGE),
    ],
)
def test_one_text_is_opened_to_one_person_as_far_as_its_own_list_says(
    cast: "Cast", level: Level, expected: Access
) -> None:
    with scope(cast.fabrique):
        open_spaces(cast.bob)
        item = text(cast.bob, parent=Item.objects.get(owner=cast.bob))
        assert access(cast.gus, item) == Access.NONE
        lists.give_own_list(by=cast.bob, rights=open_spaces(cast.bob), folder=item)
        lists.set_line(by=cast.bob, rights=open_spaces(cast.bob), folder=item, to=cast.gus, level=level)
        assert access(cast.gus, item) == expected
        assert access(cast.alice, item) == Access.NONE  # a manager has no part in somebody's own space


def test_who_may_only_add_writes_in_what_they_began(cast: "Cast") -> None:
    with scope(cast.fabrique):
        inside = folder(cast.alice)
        lists.give_own_list(by=cast.alice, rights=open_spaces(cast.alice), folder=inside)
        lists.set_line(by=cast.alice, rights=open_spaces(cast.alice), folder=inside, to=Role.MEMBER, level=Level.ADD)
        hers, his = text(cast.alice, "A", parent=inside), text(cast.bob, "B", parent=inside)
        assert access(cast.bob, his) == Access.WRITE
        assert access(cast.bob, hers) == Access.COMMENT


def test_the_trash_and_folders_let_nobody_write(cast: "Cast") -> None:
    with scope(cast.fabrique):
        item = text(cast.bob)
        document = texts.document_of(item)
        texts.throw_away(by=cast.bob, rights=open_spaces(cast.bob), item=item)
        assert documents.access_of(Writer(person=cast.bob), document) == Access.NONE


@pytest.mark.parametrize(
    ("mode", "expected"), [("read", Access.READ), ("comment", Access.COMMENT), ("write", Access.WRITE)]
)
def test_a_link_lets_do_what_it_says_until_it_is_revoked(cast: "Cast", mode: str, expected: Access) -> None:
    with scope(cast.fabrique):
        item = text(cast.alice)
        link = sharing.create_link(by=cast.alice, target=item, mode=mode)
        visitor = Visitor.objects.create(link=link, key="c" * 64, name="Une passante")
        document = texts.document_of(item)
        assert documents.access_of(Writer(visitor=visitor), document) == expected
        sharing.revoke_link(by=cast.alice, link=link)
        visitor = Visitor.objects.select_related("link").get(pk=visitor.pk)
        assert documents.access_of(Writer(visitor=visitor), document) == Access.NONE


def test_to_let_others_write_by_a_link_one_manages_the_text(cast: "Cast") -> None:
    with scope(cast.fabrique):
        item = text(cast.alice)
        sharing.create_link(by=cast.bob, target=item, mode="comment")
        with pytest.raises(NotAllowed):
            sharing.create_link(by=cast.bob, target=item, mode="write")
        with pytest.raises(NotAllowed):
            sharing.create_link(by=cast.alice, target=folder(cast.alice), mode="read")
        assert ShareLink.objects.count() == 1
