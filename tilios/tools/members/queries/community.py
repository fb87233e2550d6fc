"""What the figures of the community are made of: days of records and of dues, as plain tuples."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tilios.core.people.models import Group, Membership, Person
from tilios.tools.members import rules
from tilios.tools.members.community.lives import FOREVER, Life, Stretch, Waited, spells
from tilios.tools.members.models import (
    Answer,
    CommunitySettings,
    Contribution,
    DuesKind,
    PlacesCount,
    Record,
    RecordKind,
    Status,
    Wait,
)
from tilios.tools.members.queries.dues import held
from tilios.tools.members.queries.searching import found, searches

MOST_COMPARED = 4


def community_settings() -> CommunitySettings:
    """What the structure decided of these figures: as by default until it decides."""
    return CommunitySettings.objects.select_related("sex_field").first() or CommunitySettings()


def may_see_community(person: Person) -> bool:
    """Those who keep the register, and all members where the structure says so. One query for the latter."""
    return rules.keeps_register(person) or (rules.sees_directory(person) and community_settings().shown_to_members)


def lives(settings: CommunitySettings) -> list[Life]:
    """Every record as the stretches in which it was a member. Three queries, however many records."""
    dues: dict[int, list[Stretch]] = {}
    rows = held(Contribution.objects.filter(kind__is_membership=True)).order_by("record", "first", "pk")
    for record, first, last in rows.values_list("record", "first", "last").iterator(chunk_size=5_000):
        dues.setdefault(record, []).append((first, last or FOREVER))
    sexes: dict[int, str] = {}
    if settings.sex_field is not None:
        sexes = dict(Answer.objects.filter(field=settings.sex_field).order_by().values_list("record", "text"))
    columns = (
        "pk",
        "kind",
        "joined_on",
        "left_on",
        "is_exempt",
        "status__is_exempt",
        "person__birth_date",
        "created_at",
    )
    return [
        _life(row, tuple(dues.get(row[0], ())), sexes.get(row[0], ""), settings.renewal_days)
        for row in Record.objects.order_by().values_list(*columns).iterator(chunk_size=5_000)
    ]


def _life(row: tuple, dues: tuple[Stretch, ...], sex: str, patience: int) -> Life:
    pk, kind, joined, left, is_exempt, by_status, born, created = row
    owes = not (is_exempt or by_status)
    if joined is None and not dues:
        joined = timezone.localdate(created)
    found_spells = spells(joined, left, dues, owes=owes, patience=patience)
    return Life(pk, found_spells, dues, owes, born, sex, kind == RecordKind.HUMAN)


def waiting(settings: CommunitySettings) -> set[int]:
    """The numbers of the records that wait for a place today. Two queries at most."""
    here = Record.objects.filter(left_on=None).order_by()
    numbers: set[int] = set()
    if settings.waiting_status_id:
        numbers |= set(here.filter(status=settings.waiting_status_id).values_list("pk", flat=True))
    if settings.waiting_group_id:
        group = here.filter(person__memberships__group=settings.waiting_group_id)
        numbers |= set(group.values_list("pk", flat=True))
    return numbers


def waits() -> list[Waited]:
    """Who waited, and when. One query."""
    rows = Wait.objects.order_by().values_list("record", "people", "first", "until")
    return [Waited(record, people, first, until or FOREVER) for record, people, first, until in rows]


def places() -> list[tuple[date, int]]:
    """How many places there are from each day on, the oldest day first. One query."""
    return list(PlacesCount.objects.order_by("day").values_list("day", "places"))


@dataclass(frozen=True)
class Choice:
    """Something that members may be compared by; `key` says it in addresses."""

    key: str
    label: str
    section: str


def comparisons(person: Person) -> list[Choice]:
    """All that `person` may compare members by, section by section. Few queries."""
    named = {
        "groupe": (pgettext("of a person", "groups"), Group.objects.order_by("name").values_list("pk", "name")),
        "statut": (pgettext("of members", "statuses"), Status.objects.values_list("pk", "name")),
        "cotisation": (_("dues held, now or before"), DuesKind.objects.values_list("pk", "name")),
        "recherche": (_("searches kept"), [(search.pk, search.name) for search in searches(person)]),
    }
    return [Choice(f"{kind}-{pk}", name, str(section)) for kind, (section, rows) in named.items() for pk, name in rows]


def members_of(choice: Choice, person: Person) -> set[int]:
    """The numbers of the records of what was chosen, as it is today. One query, some more for a search."""
    kind, _dash, number = choice.key.partition("-")
    match kind:
        case "groupe":
            people = Membership.objects.filter(group=number).values("person")
            rows = Record.objects.filter(person__in=people)
        case "statut":
            rows = Record.objects.filter(status=number)
        case "cotisation":
            rows = Record.objects.filter(pk__in=held(Contribution.objects.filter(kind=number)).values("record"))
        case _:
            search = next(search for search in searches(person) if search.pk == int(number))
            rows = found(search.conditions, person)
    return set(rows.order_by().values_list("pk", flat=True))
