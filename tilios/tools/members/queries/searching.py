"""Searches of the register: conditions on every field, in groups of which all or any hold.

A tree is {"all": [...]} or {"any": [...]} of such trees and of leaves {"field", "test", "value"}: `field` is a key of
`criteria_for`, `test` one of its tests, `value` a text as the form gives it ("" where the test needs none).
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.errors import Invalid, require
from tilios.core.people.models import Person
from tilios.kit.dates import parse_date
from tilios.kit.refusals import Refusal
from tilios.tools.members import rules
from tilios.tools.members.models import Record, SavedSearch
from tilios.tools.members.queries.catalogue import criteria_for
from tilios.tools.members.queries.criteria import TESTS, Criterion, Sort
from tilios.tools.members.queries.records import records

DEEPEST = 4  # groups within groups
MOST = 30  # conditions
LONGEST_VALUE = 200
LARGEST = Decimal(10) ** 12
MOST_YEARS, MOST_DAYS = 200, 40000

Tree = dict[str, Any]


def may_search(person: Person) -> bool:
    """Those who read the whole register."""
    return rules.keeps_register(person) or rules.keeps_money(person)


def found(conditions: Tree, person: Person, *, today: date | None = None) -> QuerySet[Record]:
    """The records of which `conditions` hold, in order of the names; without any condition, all of them.

    `person` searches by what they see: naming another field is naming none. Raises NotAllowed, Invalid("conditions")
    with a sentence for conditions that cannot be read. One query for each text compared, two more.
    """
    require(may_search(person))
    criteria = criteria_for(person)
    checked(conditions, criteria)
    return records().filter(_meaning(conditions, criteria, today or timezone.localdate()))


def checked(conditions: Any, criteria: Mapping[str, Criterion]) -> Tree:
    """The tree as it came, every leaf of it readable. Raises Invalid("conditions")."""
    if sum(1 for _leaf in _leaves(conditions, 1)) > MOST:
        raise Invalid("conditions", _("%(most)s conditions at most.") % {"most": MOST})
    for leaf in _leaves(conditions, 1):
        value_of(leaf, criteria)
    return conditions


def value_of(leaf: Tree, criteria: Mapping[str, Criterion]) -> Any:
    """The value of the leaf: a text, a Decimal, a date, a number of days or years, None where the test needs none.

    Raises Invalid("conditions") with a sentence that names the field.
    """
    criterion = criteria.get(str(leaf.get("field", "")))
    if criterion is None:
        raise Invalid("conditions", _("Choose what the condition is about."))
    name = leaf.get("test", "")
    if name not in criterion.allowed:
        raise Invalid("conditions", _("“%(field)s”: choose a test.") % {"field": criterion.label})
    text = str(leaf.get("value", "") or "").strip()[:LONGEST_VALUE]
    match TESTS[name].needs:
        case "":
            return None
        case "text" if text:
            return text
        case "choice" if text in {value for value, _label in criterion.choices}:
            return text
        case "number" if criterion.sort == Sort.YEARS:
            return _whole(text, criterion, MOST_YEARS)
        case "number":
            return _number(text, criterion)
        case "days":
            return _whole(text, criterion, MOST_DAYS)
        case "day":
            return _day(text, criterion)
    raise Invalid("conditions", _("“%(field)s”: say what it is compared with.") % {"field": criterion.label})


def searches(person: Person) -> list[SavedSearch]:
    """The searches kept that `person` may use, by name: those on fields they do not see are left out. Few queries."""
    if not may_search(person):
        return []
    criteria = criteria_for(person)
    return [search for search in SavedSearch.objects.select_related("created_by") if uses(search.conditions, criteria)]


def uses(conditions: Tree, criteria: Mapping[str, Criterion]) -> bool:
    """Whether every field that the tree names is among `criteria`, or is gone from the register."""
    # SECURITY: a search kept by the secretary must not tell the treasurer what fields that they do not see say.
    return all(str(leaf.get("field", "")) in criteria for leaf in _leaves(conditions, 1))


def in_words(conditions: Tree, criteria: Mapping[str, Criterion]) -> str:
    """The tree as a sentence: "Town is exactly “Lille” and (age is less than 26 or …)"."""
    kind = "any" if "any" in conditions else "all"
    parts = []
    for node in conditions.get(kind, []):
        if "field" in node:
            parts.append(_leaf_in_words(node, criteria))
        elif words := in_words(node, criteria):
            parts.append(f"({words})")
    return f" {_('or') if kind == 'any' else _('and')} ".join(parts)


def _leaf_in_words(leaf: Tree, criteria: Mapping[str, Criterion]) -> str:
    criterion = criteria.get(leaf["field"])
    if criterion is None or leaf.get("test") not in TESTS:
        return _("a field that is no longer there")
    test = TESTS[leaf["test"]]
    value = str(leaf.get("value", ""))
    shown = dict(criterion.choices).get(value, value)
    if test.needs == "days":
        return f"{criterion.label} {str(test.label).replace('…', shown)}"
    return f"{criterion.label} {test.label} “{shown}”" if test.needs else f"{criterion.label} {test.label}"


def _leaves(tree: Any, depth: int) -> Iterator[Tree]:
    """The leaves of the tree. Raises Invalid("conditions") for what is no tree, or too deep."""
    if not isinstance(tree, dict):
        raise Invalid("conditions", _("These conditions cannot be read."))
    if "field" in tree:
        yield tree
        return
    nodes: Any = tree["any"] if "any" in tree else tree.get("all", [])
    if set(tree) - {"all", "any"} or len(tree) > 1 or not isinstance(nodes, list):
        raise Invalid("conditions", _("These conditions cannot be read."))
    if depth > DEEPEST:
        raise Invalid("conditions", _("Groups go %(deepest)s deep at most.") % {"deepest": DEEPEST})
    for node in nodes:
        yield from _leaves(node, depth + 1)


def _meaning(tree: Tree, criteria: Mapping[str, Criterion], today: date) -> Q:
    """A group without conditions says nothing: it counts in no other group, and alone it holds of everybody."""
    if "field" in tree:
        return criteria[tree["field"]].meaning(tree["test"], value_of(tree, criteria), today)
    nodes = tree["any"] if "any" in tree else tree.get("all", [])
    parts = [_meaning(node, criteria, today) for node in nodes]
    whole = Q()
    for part in parts:
        whole = (whole | part) if "any" in tree else (whole & part)
    return whole


def _whole(text: str, criterion: Criterion, most: int) -> int:
    if text.isdecimal() and int(text) <= most:
        return int(text)
    raise Invalid(
        "conditions",
        _("“%(field)s”: write a whole number, %(most)s at most.") % {"field": criterion.label, "most": most},
    )


def _number(text: str, criterion: Criterion) -> Decimal:
    try:
        number = Decimal(text.replace(",", ".").replace(" ", "").replace("\u202f", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= LARGEST:
        raise Invalid("conditions", _("“%(field)s”: write a number.") % {"field": criterion.label})
    return number


def _day(text: str, criterion: Criterion) -> date:
    try:
        return parse_date(text)
    except Refusal as refusal:
        raise Invalid(
            "conditions", _("“%(field)s”: write a day, such as 31/12/2026.") % {"field": criterion.label}
        ) from refusal
