"""The card of the dashboard: what comes next."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tilios.core.people.models import Person
from tilios.tools.agenda.queries import views as queries
from tilios.tools.agenda.queries.rights import Rights

SHOWN = 5
DAYS = 21


def upcoming(person: Person) -> dict[str, Any] | None:
    """The next five events of the calendars a person shows, over three weeks; nothing without any. Bounded queries."""
    rights = Rights(person)
    shown = [one.calendar for one in queries.calendars_of(rights) if not one.is_hidden]
    if not shown:
        return None
    today, now = timezone.localdate(), timezone.now()
    found = queries.happenings(rights, shown, today, today + timedelta(days=DAYS), zone=timezone.get_current_timezone())
    ahead = [one for one in found if one.end > now and one.status != "CANCELLED"]
    return {"happenings": ahead[:SHOWN], "today": today} if ahead else None
