"""Calendars and address books: put away in spaces, as files are (core/shelves)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tilios.core.people.models import Person
from tilios.core.shelves.models import Granted, Shelved
from tilios.core.structures.models import Owned


class Nature(models.TextChoices):
    SPACE = "", _("Space")
    CALENDAR = "calendar", _("Calendar")
    BOOK = "book", _("Address book")


class Item(Shelved):
    """A space, a calendar or an address book of it.

    `number` counts the changes of what it holds: synchronisation is told by it (RFC 6578), so that it costs what
    changed. `known_since` is the least number that can still be told: older tokens begin anew.
    """

    nature = models.CharField(max_length=10, choices=Nature, blank=True, default=Nature.SPACE)
    address = models.CharField(max_length=255, blank=True)  # its name in /dav/calendars/STRUCTURE/
    colour = models.CharField(_("colour"), max_length=7, blank=True)  # "#2f6f9f"
    zone = models.CharField(_("time zone"), max_length=60, blank=True)  # of whole days; empty: the structure's
    place = models.IntegerField(default=0)  # in lists, before the name
    components = models.CharField(max_length=40, default="VEVENT,VTODO,VJOURNAL")
    takes_no_time = models.BooleanField(default=False)  # what it holds makes nobody busy (schedule-calendar-transp)
    is_presence = models.BooleanField(default=False)  # its lines say where their authors are
    number = models.BigIntegerField(default=0)
    known_since = models.BigIntegerField(default=0)
    #: The address book of the people of the structure: it follows their records, and nobody writes in it.
    is_of_people = models.BooleanField(default=False)
    is_followed = models.BooleanField(default=False)  # it comes from elsewhere: nobody writes in it (Subscription)
    is_furnished = models.BooleanField(default=False)  # spaces: their first calendar and address book were made

    class Meta(Shelved.Meta):
        constraints = [
            *Shelved.Meta.constraints,
            models.UniqueConstraint(
                fields=["structure", "nature", "address"],
                condition=~models.Q(nature=""),
                name="agenda_one_at_an_address",
            ),
        ]


class Grant(Granted):
    """A line of the list of rights of a space, a calendar or an address book."""


class Gone(Owned):
    """That an object of a collection was removed: what a synchronisation is told of it."""

    collection = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="gone")
    name = models.CharField(max_length=255)
    number = models.BigIntegerField()

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["collection", "name"], name="agenda_gone_once")]
        indexes = [models.Index(fields=["collection", "number"], name="agenda_gone_since")]

    def __str__(self) -> str:
        return self.name


class HiddenLayer(Owned):
    """A layer of dated things of other tools (core/toolbox/layers.py) that one person does not want to see."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)  # "polls.dates"

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="agenda_layer_hidden_once")]

    def __str__(self) -> str:
        return f"{self.person} · {self.name}"


class Showing(Owned):
    """How one person shows a calendar: hidden, or in a colour of their own."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    calendar = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="showings")
    is_hidden = models.BooleanField(default=False)
    colour = models.CharField(max_length=7, blank=True)

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["person", "calendar"], name="agenda_showing_once")]

    def __str__(self) -> str:
        return f"{self.person} · {self.calendar}"
