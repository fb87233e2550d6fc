"""What one person shows beside their calendars."""

from collections.abc import Container

from django.db import transaction

from tilios.core.people.models import Person
from tilios.core.toolbox.layers import layers_of
from tilios.tools.agenda.models import HiddenLayer


@transaction.atomic
def show_layers(*, by: Person, wanted: Container[str]) -> None:
    """Show the layers that are wanted to this person, by name, and hide the others."""
    hidden = set(HiddenLayer.objects.filter(person=by).values_list("name", flat=True))
    names = {one.name for one in layers_of(by)}
    HiddenLayer.objects.filter(person=by, name__in={one for one in hidden if one in wanted}).delete()
    rows = [HiddenLayer(person=by, name=name) for name in sorted(names - hidden) if name not in wanted]
    HiddenLayer.objects.bulk_create(rows, ignore_conflicts=True)
