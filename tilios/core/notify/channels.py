"""By which channels each person hears of each notice: what the tool proposes, unless they chose otherwise."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from tilios.core.errors import Invalid
from tilios.core.notify.models import Choice
from tilios.core.people.models import Person
from tilios.core.toolbox import registry
from tilios.core.toolbox.declaration import CHANNELS, Notice, Tool


def declared(name: str) -> Notice | None:
    """The notice a tool declares under `name`."""
    return next((notice for _tool, notice in registry.notices() if notice.name == name), None)


def offered(person: Person) -> list[tuple[Tool, list[Notice]]]:
    """The notices of what surrounds the tools and of the tools switched on, by tool, in the order of the menu."""
    house = [tool for tool in registry.everything() if tool.house]
    tools = [*house, *registry.enabled(person.structure)]
    return [(tool, list(tool.notices)) for tool in tools if tool.notices]


def of_people(notice: Notice, people: Iterable[Person]) -> dict[int, set[str]]:
    """For each person's pk, their channels for `notice`. One query."""
    people = list(people)
    chosen = dict(Choice.objects.filter(notice=notice.name, person__in=people).values_list("person_id", "channels"))
    return {person.pk: set(chosen.get(person.pk, notice.default)) & set(CHANNELS) for person in people}


def of_person(person: Person) -> dict[str, set[str]]:
    """The channels of every notice for one person. One query."""
    chosen = dict(Choice.objects.filter(person=person).values_list("notice", "channels"))
    return {notice.name: set(chosen.get(notice.name, notice.default)) for _tool, notice in registry.notices()}


@transaction.atomic
def choose(*, person: Person, channels: Mapping[str, Iterable[str]]) -> None:
    """Keep what `person` wants for each notice named in `channels`; what is as the tool proposes keeps no row.

    Raises Invalid("channels") for a notice or a channel that does not exist.
    """
    known = {notice.name: notice for _tool, notice in registry.notices()}
    for name, wanted in channels.items():
        chosen = set(wanted)
        if name not in known or chosen - set(CHANNELS):
            raise Invalid("channels", name)
        if chosen == set(known[name].default):
            Choice.objects.filter(person=person, notice=name).delete()
        else:
            ordered = [channel for channel in CHANNELS if channel in chosen]
            Choice.objects.update_or_create(person=person, notice=name, defaults={"channels": ordered})


@transaction.atomic
def stop_mail(*, person: Person, tool: Tool) -> None:
    """No more mail about `tool`, neither at once nor in the digest; what shows in the page stays."""
    now = of_person(person)
    choose(person=person, channels={notice.name: now[notice.name] - {"mail", "digest"} for notice in tool.notices})


@transaction.atomic
def stop_digest(*, person: Person) -> None:
    """No more digest: its channel is taken off every notice."""
    now = of_person(person)
    choose(person=person, channels={name: chosen - {"digest"} for name, chosen in now.items() if "digest" in chosen})
