"""Keep searches under a name."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.tools.members.models import SavedSearch
from tilios.tools.members.queries import searching
from tilios.tools.members.queries.catalogue import criteria_for


@transaction.atomic
def save_search(*, by: Person, name: str, conditions: dict[str, Any], search: SavedSearch | None = None) -> SavedSearch:
    """Keep the conditions under a name, or change those of `search`. Publishes "members.search_saved".

    Raises NotAllowed, Invalid("name") when it is empty or taken, Invalid("conditions").
    """
    require(searching.may_search(by))
    name = " ".join(name.split())[:80]
    if not name:
        raise Invalid("name", _("Please give a name."))
    if SavedSearch.objects.filter(name__iexact=name).exclude(pk=search.pk if search else None).exists():
        raise Invalid("name", _("There is already a search of this name."))
    criteria = criteria_for(by)
    if search is not None:
        # SECURITY: nobody rewrites a search on fields that they do not see.
        require(searching.uses(search.conditions, criteria))
    search = search or SavedSearch(created_by=by)
    search.name, search.conditions = name, searching.checked(conditions, criteria)
    search.save()
    publish("members.search_saved", by=by, target=search)
    return search


@transaction.atomic
def remove_search(*, by: Person, search: SavedSearch) -> None:
    """Forget a search. Publishes "members.search_removed"; raises NotAllowed for fields that `by` does not see."""
    require(searching.may_search(by) and searching.uses(search.conditions, criteria_for(by)))
    publish("members.search_removed", by=by, target=search)
    SavedSearch.objects.filter(pk=search.pk).delete()
