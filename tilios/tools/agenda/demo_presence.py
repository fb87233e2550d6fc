"""The demonstration: where four people of La Fabrique are, most weeks and this one."""

from datetime import timedelta

from django.utils import timezone

from tilios.core.people.models import Person
from tilios.core.people.queries import active_people
from tilios.core.people.roles import Role
from tilios.tools.agenda.actions.presence import say_week, start
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.queries.presence import Said

HERE, FAR, AWAY, NOTHING = Said("ICI"), Said("DISTANCE"), Said("ABSENCE"), Said()
USUAL = (
    (HERE, HERE, FAR, HERE, FAR, NOTHING, NOTHING),
    (HERE, FAR, HERE, FAR, HERE, NOTHING, NOTHING),
    (FAR, HERE, HERE, HERE, NOTHING, Said("ICI", "permanence"), NOTHING),
    (NOTHING, HERE, HERE, NOTHING, HERE, NOTHING, NOTHING),
)


def add_presence(by: Person) -> None:
    start(by=by, rights=open_spaces(by))
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    people = [by, *active_people().filter(role__gte=Role.MEMBER).exclude(pk=by.pk).order_by("pk")[:3]]
    for person, usual in zip(people, USUAL, strict=False):
        rights = open_spaces(person)
        say_week(by=person, rights=rights, first=monday - timedelta(days=28), said=usual, is_habit=True)
    changed = (HERE, HERE, Said("DEPLACEMENT", "Lille"), AWAY, AWAY, NOTHING, NOTHING)
    say_week(by=by, rights=open_spaces(by), first=monday, said=changed)
