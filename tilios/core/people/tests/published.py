"""What the journal holds, for tests of actions."""

from tilios.core.journal.models import Entry


def verbs(start: str = "people.") -> list[str]:
    """The verbs published, oldest first."""
    return list(Entry.objects.filter(verb__startswith=start).order_by("pk").values_list("verb", flat=True))


def last(verb: str) -> Entry:
    return Entry.objects.filter(verb=verb).latest("pk")
