"""The papers that are made of members: what each is, its form, what its page says before, the parts of its PDF."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tilios.core.people.models import Person
from tilios.core.structures.scope import current_structure
from tilios.tools.members.actions.cards import cards_of
from tilios.tools.members.forms import papers as forms
from tilios.tools.members.models import Record
from tilios.tools.members.papers import cards, labels, letters, lists, records
from tilios.ui.pdf import Pictures

Part = tuple[dict[str, Any], Pictures]
SIGNED_A_PAGE, SIGNED_LYING, ROWS_A_PAGE = 18, 11, 22  # about: of lists to be signed, and of the register
CARDS_A_PART, RECORDS_A_PART, LETTERS_A_PART = 100, 40, 50
T = TypeVar("T")


@dataclass
class Figures:
    """What will come out, said before: sentences, those left out for want of an address, addresses too long."""

    made: list[str] = field(default_factory=list)
    without_address: list[Record] = field(default_factory=list)
    too_long: list[labels.Envelope] = field(default_factory=list)
    nothing: bool = False


@dataclass(frozen=True)
class Kind:
    """One paper. `part` is how many people, about, are laid out in one go; 0 for all of them."""

    key: str
    name: Any
    text: Any
    icon: str
    form: type[forms.PaperForm]
    template: str
    figures: Callable[[Sequence[Record], dict[str, Any]], Figures]
    parts: Callable[[Person, Sequence[Record], dict[str, Any]], Iterator[Part]]
    part: int = 0


def _cards_figures(people: Sequence[Record], said: dict[str, Any]) -> Figures:
    count, pages = len(people), -(-len(people) // cards.SHEET.count)
    words = ngettext("%(count)s card", "%(count)s cards", count) % {"count": count}
    return Figures([words, _pages(pages)], nothing=not count)


def _cards(by: Person, people: Sequence[Record], said: dict[str, Any]) -> Iterator[Part]:
    structure = current_structure()
    for some in _some(people, CARDS_A_PART):
        pictures = cards.pictures_of(some, structure, with_photo=said["with_photo"])
        drawn = cards.drawn(some, cards_of(by=by, records=some), said)
        yield {"pages": cards.sheet_of(drawn), "said": said, "pictures": pictures, **cards.looks(structure)}, pictures


def _labels_figures(people: Sequence[Record], said: dict[str, Any]) -> Figures:
    found, without = labels.envelopes(people, by_family=said["each"] == "famille")
    pages = labels.pages_of(said["sheet"], len(found), said["first"])
    words = ngettext("%(count)s label", "%(count)s labels", len(found)) % {"count": len(found)}
    return Figures([words, _pages(pages)], without, [one for one in found if not one.postal.fits], not found)


def _labels(by: Person, people: Sequence[Record], said: dict[str, Any]) -> Iterator[Part]:
    found, _without = labels.envelopes(people, by_family=said["each"] == "famille")
    sheet = said["sheet"]
    pages = labels.placed(sheet, [one.postal for one in found], said["first"])
    context = {
        "pages": list(pages), "width": f"{sheet.width:.2f}", "height": f"{sheet.height:.2f}",
        "outlines": said["outlines"], "structure": current_structure(),
    }  # fmt: skip
    yield context, {}


def _attendance_figures(people: Sequence[Record], said: dict[str, Any]) -> Figures:
    return _list_figures(len(people), said["blank_rows"], SIGNED_LYING if said["landscape"] else SIGNED_A_PAGE)


def _register_figures(people: Sequence[Record], said: dict[str, Any]) -> Figures:
    return _list_figures(len(people), 0, ROWS_A_PAGE)


def _list_figures(count: int, more: int, rows: int) -> Figures:
    words = ngettext("%(count)s person", "%(count)s people", count) % {"count": count}
    return Figures([words, _about(-(-(count + more) // rows))], nothing=not count)


def _attendance(by: Person, people: Sequence[Record], said: dict[str, Any]) -> Iterator[Part]:
    blank = range(said["blank_rows"])
    found = lists.attendance(people, said["columns"])
    yield {"said": said, "empty_rows": blank, "structure": current_structure(), **found}, {}


def _register(by: Person, people: Sequence[Record], said: dict[str, Any]) -> Iterator[Part]:
    found = lists.register(people, said["columns"])
    many = len(said["columns"]) > 8
    yield {"said": said, "many": many, "structure": current_structure(), "count": len(people), **found}, {}


def _records_figures(people: Sequence[Record], said: dict[str, Any]) -> Figures:
    return Figures([_about(len(people))], nothing=not people)


def _records(by: Person, people: Sequence[Record], said: dict[str, Any]) -> Iterator[Part]:
    structure = current_structure()
    pictures = cards.pictures_of((), structure, with_photo=False)
    for some in _some(people, RECORDS_A_PART):
        forms_of = records.forms_of(by, some)
        yield {"forms": forms_of, "said": said, "structure": structure, "pictures": pictures}, pictures


def _letters_figures(people: Sequence[Record], said: dict[str, Any]) -> Figures:
    found, without = labels.envelopes(people, by_family=said["each"] == "famille")
    words = ngettext("%(count)s letter", "%(count)s letters", len(found)) % {"count": len(found)}
    return Figures([words], without, [one for one in found if not one.postal.fits], not found)


def _letters(by: Person, people: Sequence[Record], said: dict[str, Any]) -> Iterator[Part]:
    structure = current_structure()
    found, _without = labels.envelopes(people, by_family=said["each"] == "famille")
    text = letters.read(said["template"], by=by)  # once: every letter says the same, whoever writes in it meanwhile
    pictures = {**cards.pictures_of((), structure, with_photo=False), **text.pictures}
    x, y = letters.ADDRESS
    for some in _some(found, LETTERS_A_PART):
        written = letters.written(text, some, day=said["day"])
        about = {"structure": structure, "pictures": pictures, "x": x, "y": y, "is_live": text.paper is not None}
        yield {"letters": written, **about}, pictures


def _some(everything: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(everything), size):
        yield everything[start : start + size]


def _pages(count: int) -> str:
    return ngettext("%(count)s sheet", "%(count)s sheets", count) % {"count": count}


def _about(count: int) -> str:
    return ngettext("about %(count)s page", "about %(count)s pages", count) % {"count": count}


KINDS = {
    kind.key: kind
    for kind in (
        Kind(
            "cartes", _("Member cards"), _("Ten a sheet, with a code that says who is up to date."), "id-card",
            forms.CardsForm, "members/papers/print/cards.html", _cards_figures, _cards, part=CARDS_A_PART,
        ),
        Kind(
            "etiquettes", _("Labels"), _("Addresses as the post asks, on sheets bought in shops or your own."), "tags",
            forms.LabelsForm, "members/papers/print/labels.html", _labels_figures, _labels,
        ),
        Kind(
            "lettres", _("Letters"), _("One text for all, with the name, the dues… of each in it."), "mails",
            forms.LettersForm, "members/papers/print/letters.html", _letters_figures, _letters,
            part=LETTERS_A_PART,
        ),
        Kind(
            "emargement", _("Attendance sheet"), _("To be signed at a meeting, with proxies and empty lines."),
            "signature", forms.AttendanceForm, "members/papers/print/attendance.html", _attendance_figures, _attendance,
        ),
        Kind(
            "registre", _("Register"), _("The list of members with the columns you choose."), "table",
            forms.ListingForm, "members/papers/print/register.html", _register_figures, _register,
        ),
        Kind(
            "fiches", _("Records to check"), _("What is known of each member, to be corrected and signed."),
            "clipboard-check", forms.RecordsForm, "members/papers/print/records.html", _records_figures, _records,
            part=RECORDS_A_PART,
        ),
    )
}  # fmt: skip
