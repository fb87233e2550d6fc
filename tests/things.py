"""A kind of thing for the tests of what surrounds the tools, standing on no tool: groups, seen by their members.

    from tests.things import circle, talkative  # noqa: F401

makes groups commented, shared and searched for the time of a test; `circle` is one, with Alice, Bob and Gus in it and
Manon out of it.
"""

from dataclasses import replace

import pytest
from django.http import HttpResponse
from django.template import RequestContext, Template

from tilios.core.access.guards import share_view
from tilios.core.access.sharing import introduce
from tilios.core.conversations import shared
from tilios.core.people.actions import add_to_group, create_group
from tilios.core.people.models import Group
from tilios.core.people.roles import Role
from tilios.core.search.entries import Entry
from tilios.core.structures.scope import scope
from tilios.core.toolbox import registry
from tilios.core.toolbox.declaration import Kind, ShareMode


def visible_groups(person):
    return Group.objects.filter(memberships__person=person.pk)


def group_entry(group):
    if group.description == "hidden":
        return None
    return Entry(group.name, group.description, {f"group:{group.pk}", f"role:{int(Role.ADMIN)}"})


def may_hang(person, group):
    return group.description != "locked"


@share_view("GET", "POST")
def shared_group(request, group, step):
    if step == shared.STEP:
        return shared.answer(request, group)
    if request.method == "POST":
        introduce(request, request.POST["name"])
    page = Template("{% load surroundings %}<h1>{{ group }}</h1>{{ request.visitor.name }}{% comments group %}")
    return HttpResponse(page.render(RequestContext(request, {"group": group})))


KIND = Kind(
    "people.group",
    model="people.Group",
    label="Group",
    icon="users",
    visible="tests.things.visible_groups",
    url="portal:help_page",  # any page of the portal that takes one argument
    comments=True,
    shares={
        "read": ShareMode("Read", "tests.things.shared_group", "portal.comment"),
        "write": ShareMode("Write", "tests.things.shared_group", "portal.settings"),
        "hang": ShareMode("Hang", "tests.things.shared_group", "portal.comment", "tests.things.may_hang", "On a wall"),
    },
    search="tests.things.group_entry",
)


@pytest.fixture
def talkative(monkeypatch):
    """Groups are a kind; and the tool that owns them counts as switched on, as for any shared thing."""
    people = registry.tool("people")
    others = tuple(kind for kind in people.kinds if kind.model != KIND.model)
    monkeypatch.setitem(registry._tools, "people", replace(people, kinds=(*others, KIND)))
    return KIND


@pytest.fixture
def circle(cast, talkative):
    """A group of Alice, Bob and Gus."""
    cast.fabrique.enabled_tools = [*cast.fabrique.enabled_tools, "people"]
    cast.fabrique.save()
    for person in (cast.alice, cast.manon, cast.bob, cast.gus):
        person.structure = cast.fabrique
    with scope(cast.fabrique):
        group = create_group(by=None, name="Atelier bois", description="Les établis et les machines")
        for person in (cast.alice, cast.bob, cast.gus):
            add_to_group(by=None, person=person, group=group)
    return group
