"""What stops a write of a calendar or an address book."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Conflict, Refused
from tilios.kit.refusals import Refusal


class Unreadable(Refused):
    """What was given is no calendar, or no card, that can be kept; `why` says where and what."""

    status = 400

    def __init__(self, why: Refusal) -> None:
        super().__init__(gettext(why.message) % why.params)
        self.why = why


class OtherKind(Conflict):
    """The calendar was made for other things: for events and no tasks, say."""

    def __init__(self) -> None:
        super().__init__(_("This calendar does not take things of this kind."))


class SameUid(Conflict):
    """The collection holds the same event or card under another name; `name` is that name."""

    def __init__(self, name: str) -> None:
        super().__init__(_("This is in the collection already, under another name."))
        self.name = name
