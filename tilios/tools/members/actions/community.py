"""What the structure decides of the figures of its community, and the number of its places."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tilios.core.access.roles import may
from tilios.core.errors import Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.tools.members.models import CommunitySettings, FieldKind, PlacesCount
from tilios.tools.members.models.community import LONGEST_WAIT

COLUMNS = ("shown_to_members", "renewal_days", "waiting_status", "waiting_group", "sex_field")
MOST_PLACES = 10_000_000


@transaction.atomic
def change_community(*, by: Person | None, **said: Any) -> CommunitySettings:
    """Change how the community is counted, and for whom. Publishes "members.settings_changed".

    Raises NotAllowed, Invalid("renewal_days"), Invalid("sex_field") for a field that is no choice in a list.
    """
    require(by is None or may(by, "members.settings"))
    if unknown := set(said) - set(COLUMNS):
        raise TypeError(f"not settings of the community: {sorted(unknown)}")
    if not 0 <= said.get("renewal_days", 0) <= LONGEST_WAIT:
        raise Invalid("renewal_days", _("From 0 to %(most)s days.") % {"most": LONGEST_WAIT})
    if (field := said.get("sex_field")) and field.kind != FieldKind.CHOICE:
        raise Invalid("sex_field", _("Choose a field whose answer is one of a list."))
    CommunitySettings.objects.get_or_create()
    settings = CommunitySettings.objects.select_for_update().get()
    changed = sorted(name for name, value in said.items() if getattr(settings, name) != value)
    for name in changed:
        setattr(settings, name, said[name])
    if changed:
        settings.save(update_fields=changed)
        publish("members.settings_changed", by=by, fields=changed)
    return settings


@transaction.atomic
def write_places(*, by: Person | None, day: date, places: int) -> PlacesCount:
    """Say how many places there are from `day` on; again for the same day, that day is corrected.

    Publishes "members.places_changed"; raises NotAllowed, Invalid("places").
    """
    require(by is None or may(by, "members.settings"))
    if not 0 <= places <= MOST_PLACES:
        raise Invalid("places", _("This number is too large."))
    count, _made = PlacesCount.objects.update_or_create(day=day, defaults={"places": places})
    publish("members.places_changed", by=by, places=places)
    return count


@transaction.atomic
def forget_places(*, by: Person | None, count: PlacesCount) -> None:
    """Take a line of the history of places away. Publishes "members.places_changed"; raises NotAllowed."""
    require(by is None or may(by, "members.settings"))
    PlacesCount.objects.filter(pk=count.pk).delete()
    publish("members.places_changed", by=by)
