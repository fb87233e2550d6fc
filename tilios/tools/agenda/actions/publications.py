"""Make calendars public, and close them again."""

from django.db import transaction
from django.utils.translation import gettext as _

from tilios.core.errors import Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.kit.text import slugify
from tilios.tools.agenda.models import Item, Nature, Publication
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.shelf import SHELF


def may_publish(rights: Rights, calendar: Item) -> bool:
    """Whether the person decides that everybody sees this calendar: who looks after it and may give links."""
    # SECURITY: where people are is not announced to anybody, even by mistake.
    is_calendar = calendar.nature == Nature.CALENDAR and not calendar.in_trash and not calendar.is_presence
    return is_calendar and rights.may_manage(calendar) and rights.may("write") and rights.may("share")


@transaction.atomic
def make_public(
    *, by: Person, rights: Rights, calendar: Item, slug: str, busy_only: bool, takes_proposals: bool
) -> Publication:
    """Show a calendar to anybody, or change how it is shown. Publishes "agenda.published".

    `slug` is its name in the address; one made of the calendar's name when it is empty. Raises NotAllowed, and
    Invalid("slug") for one that another calendar has.
    """
    require(may_publish(rights, calendar))
    with SHELF.writing():
        found = Publication.objects.filter(calendar=calendar).first() or Publication(calendar=calendar, made_by=by)
        taken = set(Publication.objects.exclude(pk=found.pk).values_list("slug", flat=True))
        wanted = slugify(slug, default="")
        if slug.strip() and not wanted:
            raise Invalid("slug", _("Write it with letters, digits and dashes."))
        if wanted in taken:
            raise Invalid("slug", _("Another calendar has this address."))
        found.slug = wanted or found.slug or slugify(calendar.name, taken, default="agenda")
        found.busy_only, found.takes_proposals = busy_only, takes_proposals
        found.save()
        publish("agenda.published", by=by, target=calendar)
    return found


@transaction.atomic
def make_private(*, by: Person, rights: Rights, calendar: Item) -> None:
    """Close the public pages of a calendar at once. Publishes "agenda.unpublished". Raises NotAllowed."""
    require(may_publish(rights, calendar))
    count, _rows = Publication.objects.filter(calendar=calendar).delete()
    if count:
        publish("agenda.unpublished", by=by, target=calendar)
