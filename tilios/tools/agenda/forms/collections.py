"""What is said of a calendar or an address book."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from tilios.kit.zones import names as zones
from tilios.tools.agenda.models import Item, Nature


class NewCollectionForm(forms.Form):
    nature = forms.ChoiceField(
        label=gettext_lazy("What to make"),
        choices=[(Nature.CALENDAR, gettext_lazy("A calendar")), (Nature.BOOK, gettext_lazy("An address book"))],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)


class CollectionForm(forms.Form):
    """Name, description; of a calendar also its colour and its time zone."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    description = forms.CharField(
        label=gettext_lazy("Description"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    colour = forms.CharField(
        label=gettext_lazy("Colour for everybody"), widget=forms.TextInput(attrs={"type": "color"}), required=False
    )
    zone = forms.ChoiceField(
        label=pgettext_lazy("of a calendar", "Time zone of whole days"),
        required=False,
        help_text=gettext_lazy("That of the structure when none is chosen."),
    )

    def __init__(self, item: Item, data: Any = None) -> None:
        initial = {name: getattr(item, name) for name in ("name", "description", "colour", "zone")}
        super().__init__(data, initial=initial)
        if item.nature == Nature.BOOK:
            del self.fields["colour"], self.fields["zone"]
        else:
            self.fields["zone"].choices = [("", "—"), *((one, one) for one in sorted(zones()))]  # type: ignore[attr-defined]

    def clean_colour(self) -> str:
        colour = self.cleaned_data["colour"].strip().lower()
        if colour and not (len(colour) == 7 and colour[0] == "#" and set(colour[1:]) <= set("0123456789abcdef")):
            raise forms.ValidationError(gettext_lazy("Choose a colour."))
        return colour

    def fields_to_keep(self) -> dict[str, str | None]:
        return {name: self.cleaned_data[name] for name in self.fields}
