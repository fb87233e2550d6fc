"""Make and take back the addresses at which people read what concerns them."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access.roles import may
from tilios.core.errors import Conflict, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.tools.agenda.models import Feed

MOST_OF_ONE = 20


@transaction.atomic
def make_feed(*, by: Person, label: str, busy_only: bool) -> Feed:
    """A new address. Publishes "agenda.feed_made". Raises NotAllowed, Conflict where there are many already."""
    # SECURITY: the address lasts longer than a mandate: nobody makes one in the name of somebody else.
    require(may(by, "agenda.view") and by.acted_by is None)
    if Feed.objects.filter(person=by, revoked_at=None).count() >= MOST_OF_ONE:
        raise Conflict(_("You have %(most)s addresses: take back one that you do not use.") % {"most": MOST_OF_ONE})
    feed = Feed.objects.create(person=by, label=" ".join(label.split())[:80], busy_only=busy_only)
    publish("agenda.feed_made", by=by, target=feed)
    return feed


@transaction.atomic
def revoke_feed(*, by: Person, feed: Feed) -> None:
    """Close an address at once, for good. Publishes "agenda.feed_revoked". Raises NotAllowed for another's."""
    require(feed.person_id == by.pk)
    if Feed.objects.filter(pk=feed.pk, revoked_at=None).update(revoked_at=timezone.now()):
        publish("agenda.feed_revoked", by=by, target=feed)
