"""What the structure decides of its register as a whole."""

from typing import Any

from django.db import transaction

from tilios.core.access.roles import may
from tilios.core.errors import Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.tools.members.actions.records import lock_settings
from tilios.tools.members.models import PUBLIC_FIELDS, RegisterSettings

COLUMNS = ("members_change_own", "has_public_list", "public_fields", "is_indexed", "card_tells")


@transaction.atomic
def change_settings(*, by: Person | None, **said: Any) -> RegisterSettings:
    """Change what is decided of the register. Publishes "members.settings_changed"; raises NotAllowed, Invalid."""
    require(by is None or may(by, "members.settings"))
    settings = lock_settings()
    if unknown := set(said) - set(COLUMNS):
        raise TypeError(f"not settings of the register: {sorted(unknown)}")
    if wrong := set(said.get("public_fields", ())) - set(PUBLIC_FIELDS):
        raise Invalid("public_fields", ", ".join(sorted(wrong)))
    changed = sorted(name for name, value in said.items() if getattr(settings, name) != value)
    for name in changed:
        setattr(settings, name, said[name])
    if changed:
        settings.save(update_fields=changed)
        publish("members.settings_changed", by=by, fields=changed)
    return settings
