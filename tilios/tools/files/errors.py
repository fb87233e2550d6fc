"""What the files may refuse, beside the named errors of core."""

from typing import Any

from django.utils.translation import gettext as _

from tilios.core.errors import Conflict, Refused


class NoRoom(Refused):
    """The room of the structure or of the person is full (507)."""

    status = 507


class Taken(Conflict):
    """Something of that name stands there: `item`."""

    def __init__(self, item: Any) -> None:
        super().__init__(_("“%(name)s” is already there.") % {"name": item.name})
        self.item = item
