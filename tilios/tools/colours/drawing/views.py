"""The views of a results page, by name: which there are for a session, and how each is drawn from its material.

for view in views.offered(material): …a tab…
pictures = views.draw("spectre", material, look)
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from tilios.tools.colours.drawing.distributions import distribution
from tilios.tools.colours.drawing.looks import Look, Picture, rows_of
from tilios.tools.colours.drawing.maps import opinion_map
from tilios.tools.colours.drawing.mosaics import mosaic
from tilios.tools.colours.drawing.movements import Moves, flows, two_rounds
from tilios.tools.colours.drawing.spectra import comparison, spectrum
from tilios.tools.colours.figures import Grid, Statement, Sums


def _no_grid() -> Grid:
    return Grid([], [], {})


@dataclass(frozen=True)
class Material:
    """What a session gives to be drawn. What costs something to read is a function, called by the views that need it.

    `groups(statement)` gives None for a group that stays hidden. `rounds` are the names of the two rounds compared;
    `before` the sums of the first and `moves`, by statement, who went from which answer to which.
    """

    statements: Sequence[Statement]
    sums: Callable[[], Mapping[int, Sums]]
    grid: Callable[[], Grid] = _no_grid
    has_grid: bool = False
    groups: Callable[[int], Mapping[str, Sums | None]] | None = None
    rounds: tuple[str, str] | None = None
    before: Callable[[], Mapping[int, Sums]] = dict
    moves: Callable[[], Mapping[int, Moves]] = dict


@dataclass(frozen=True)
class View:
    """One view: its name in addresses, in the tab, what it is for, and whether it is about one statement."""

    slug: str
    label: Any
    icon: str
    help: Any
    of_one: bool = False


VIEWS = (
    View(
        "spectre",
        _("Spectrum"),
        "sliders-horizontal",
        _("Each bar holds all answers to a statement, in order of their colours, balanced on the middle one."),
    ),
    View(
        "mosaique-triee",
        _("Sorted mosaic"),
        "layout-grid",
        _("One cell an answer: statements from the best received to the least, people from the most favourable on."),
    ),
    View("mosaique", _("Mosaic"), "table", _("One cell an answer, as people and statements came.")),
    View(
        "carte",
        _("Map"),
        "map",
        _("To the right what people favour, below what they agree on; above what divides them."),
    ),
    View("enonce", _("One statement"), "chart-column", _("How many gave each colour to one statement."), of_one=True),
    View("groupes", _("Groups"), "users", _("One statement, group by group."), of_one=True),
    View("tours", _("Before and after"), "history", _("Two rounds side by side, and who moved.")),
)
_by_slug = {view.slug: view for view in VIEWS}


def of(slug: str) -> View | None:
    """The view called `slug`, None if there is none."""
    return _by_slug.get(slug)


def offered(material: Material) -> list[View]:
    """The views that this material can be drawn as."""
    missing = set()
    if not material.has_grid:
        missing |= {"mosaique", "mosaique-triee"}
    if material.groups is None:
        missing.add("groupes")
    if material.rounds is None:
        missing.add("tours")
    return [view for view in VIEWS if view.slug not in missing]


def draw(slug: str, material: Material, look: Look, *, statement: int | None = None) -> list[Picture]:
    """The drawings of a view; LookupError for one that is not offered. `statement` is the number of the one chosen,
    the first without it.
    """
    if slug not in {view.slug for view in offered(material)}:
        raise LookupError(slug)
    if slug in {"mosaique", "mosaique-triee"}:
        return [mosaic(material.grid(), look, ordered=slug == "mosaique-triee")]
    rows = rows_of(material.statements, material.sums(), look.scale)
    chosen = next((row for row in rows if row.statement.pk == statement), rows[0] if rows else None)
    match slug:
        case "carte":
            return [opinion_map(rows, look)]
        case "enonce":
            return [distribution(chosen, look)] if chosen else []
        case "groupes":
            assert material.groups is not None
            return [comparison(chosen.statement, material.groups(chosen.statement.pk), look)] if chosen else []
        case "tours":
            return _rounds(material, look, statement)
        case _:
            return [spectrum(rows, look)]


def _rounds(material: Material, look: Look, statement: int | None) -> list[Picture]:
    """The two rounds of all statements; with one chosen, who moved."""
    assert material.rounds is not None
    moves = material.moves()
    for one in material.statements:
        if one.pk == statement:
            return [flows(one, moves.get(one.pk, {}), look, names=material.rounds)]
    before = rows_of(material.statements, material.before(), look.scale)
    after = rows_of(material.statements, material.sums(), look.scale)
    return [two_rounds(list(zip(before, after, strict=True)), moves, look, names=material.rounds)]
