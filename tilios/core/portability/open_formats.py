"""What an archive holds beside its own rows, for other programs: sheets, address cards, pages.

A tool adds its own in its portability module: `OPEN = (polls_as_csv,)`, each a function called with the Writer in the
scope of the structure and in its language; it writes members below `open/<slug of the tool>/`:

    def polls_as_csv(archive):
        archive.csv("open/polls/polls.csv", rows)
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tilios.core.conversations.models import Comment
from tilios.core.people.models import Group, Membership, Person
from tilios.core.portability import tables
from tilios.core.portability.archive import Writer
from tilios.core.structures.models import Structure
from tilios.kit.sheets import Cell

CHUNK = 500
PERSON_COLUMNS = (
    "display_name", "given_name", "family_name", "organisation", "email", "phone", "mobile", "street", "postcode",
    "town", "country", "birth_date", "role", "status", "note",
)  # fmt: skip
PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title></head>
<body><h1>{title}</h1>
"""


def write(structure: Structure, archive: Writer) -> None:
    """Write every open format of the structure in scope."""
    with translation.override(structure.language), timezone.override(structure.timezone):
        archive.text("open/README.md", _readme(structure))
        archive.csv("open/people.csv", _people())
        archive.text("open/people.vcf", _cards())
        archive.csv("open/groups.csv", _groups())
        archive.text("open/comments.html", _comments(structure))
        for _slug, functions in tables.of_tools("OPEN"):
            for function in functions:
                function(archive)


def _readme(structure: Structure) -> str:
    return "\n\n".join(
        [
            f"# {structure.name}",
            _("This archive holds everything %(name)s keeps in Tilios, as it was on %(day)s.")
            % {"name": structure.name, "day": date_format(timezone.localtime(), "DATETIME_FORMAT")},
            _("The folder “open” is for people and for other programs: sheets, address cards, pages."),
            _("The folders “data”, “journal” and “blobs” are for another Tilios: tilios import FILE.zip"),
            _("Nobody's password is in it, nor any link or invitation that would let somebody in."),
            "",
        ]
    )


def _people() -> Iterator[Iterable[Cell]]:
    fields: list[Any] = [Person._meta.get_field(name) for name in PERSON_COLUMNS]
    yield [*(str(field.verbose_name).capitalize() for field in fields), _("Groups")]
    groups = dict(Group.objects.values_list("pk", "name"))
    for people in _in_chunks(Person.objects.order_by("sort_name", "pk")):
        joined: dict[int, list[str]] = {}
        for person, group in Membership.objects.filter(person__in=people).values_list("person_id", "group_id"):
            joined.setdefault(person, []).append(groups[group])
        for person in people:
            values = [_shown(person, field) for field in fields]
            yield [*values, ", ".join(sorted(joined.get(person.pk, [])))]


def _shown(person: Person, field: Any) -> Cell:
    return str(getattr(person, f"get_{field.name}_display")()) if field.choices else getattr(person, field.name)


def _groups() -> Iterator[Iterable[Cell]]:
    yield [_("Group"), _("Description"), _("Person"), _("Manages the group")]
    rows = Membership.objects.select_related("group", "person").order_by("group__name", "person__sort_name", "pk")
    for membership in rows.iterator(chunk_size=CHUNK):
        manages = pgettext("in a sheet", "yes") if membership.is_manager else ""
        yield [membership.group.name, membership.group.description, membership.person.display_name, manages]


def _in_chunks(rows: Any) -> Iterator[list[Any]]:
    chunk: list[Any] = []
    for row in rows.iterator(chunk_size=CHUNK):
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


# vCard 4.0 (RFC 6350) ------------------------------------------------------------------------------------------


def _cards() -> Iterator[str]:
    for person in Person.objects.order_by("sort_name", "pk").iterator(chunk_size=CHUNK):
        lines = chain(["BEGIN:VCARD", "VERSION:4.0"], _card(person), ["END:VCARD"])
        yield "".join(f"{folded(line)}\r\n" for line in lines)


def _card(person: Person) -> Iterator[str]:
    yield f"FN:{escaped(person.display_name)}"
    if person.family_name or person.given_name:
        yield f"N:{escaped(person.family_name)};{escaped(person.given_name)};;;"
    if person.organisation:
        yield f"ORG:{escaped(person.organisation)}"
    if person.email:
        yield f"EMAIL:{escaped(person.email)}"
    if person.phone:
        yield f"TEL;TYPE=voice:{escaped(person.phone)}"
    if person.mobile:
        yield f"TEL;TYPE=cell:{escaped(person.mobile)}"
    place = (person.street, person.town, "", person.postcode, person.country)
    if any(place):
        yield "ADR:;;" + ";".join(map(escaped, place))
    if person.birth_date:
        yield f"BDAY:{person.birth_date:%Y%m%d}"
    if person.note:
        yield f"NOTE:{escaped(person.note)}"


def escaped(text: str) -> str:
    """A value of a vCard (RFC 6350, 3.4)."""
    for sign in ("\\", ",", ";"):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def folded(line: str) -> str:
    """Lines of 75 bytes at most (RFC 6350, 3.2), cut between characters."""
    pieces, length = [""], 0
    for sign in line:
        size = len(sign.encode("utf-8", "replace"))
        if length + size > 75:
            pieces.append(" ")
            length = 1
        pieces[-1] += sign
        length += size
    return "\r\n".join(pieces)


# Comments ----------------------------------------------------------------------------------------------------


def _comments(structure: Structure) -> Iterator[str]:
    """Every comment that stands, under the thing it speaks of."""
    title = escape(_("Comments of %(name)s") % {"name": structure.name})
    yield PAGE.format(language=structure.language, title=title)
    place: tuple[str, int] | None = None
    rows = Comment.objects.filter(removed_at=None).order_by("kind", "target", "created_at", "pk")
    for comments in _in_chunks(rows.select_related("author", "visitor")):
        titles = _titles({(comment.kind, comment.target) for comment in comments})
        for comment in comments:
            if (comment.kind, comment.target) != place:
                place = (comment.kind, comment.target)
                yield f"<h2>{escape(titles.get(place, _('Something that is gone')))}</h2>\n"
            who = comment.author or comment.visitor
            name = escape(str(who) if who else _("Erased person"))
            when = date_format(timezone.localtime(comment.created_at), "DATETIME_FORMAT")
            text = escape(comment.text).replace("\n", "<br>\n")
            yield f'<p><strong>{name}</strong>, <time datetime="{comment.created_at.isoformat()}">{when}</time><br>\n'
            yield f"{text}</p>\n"
    yield "</body></html>\n"


def _titles(places: set[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """What each thing is called; one query per kind."""
    numbers: dict[str, list[int]] = {}
    for kind, target in places:
        numbers.setdefault(kind, []).append(target)
    found = {}
    for kind, targets in numbers.items():
        if model := tables.model_of_kind(kind):
            found.update({(kind, row.pk): str(row) for row in model.objects.filter(pk__in=targets)})  # type: ignore[attr-defined]
    return found
