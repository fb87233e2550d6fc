"""Forms of a structure: the same fields in the host's wizard and on the settings page."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Invalid
from tilios.core.people.queries import active_people
from tilios.core.people.roles import Role
from tilios.core.structures.actions import checked
from tilios.core.structures.models import Structure, StructureKind
from tilios.core.toolbox import registry
from tilios.kit import zones
from tilios.ui.fields import DayField

COUNTRIES = [
    ("FR", _("France")),
    ("BE", _("Belgium")),
    ("CH", _("Switzerland")),
    ("LU", _("Luxembourg")),
    ("MC", _("Monaco")),
    ("DE", _("Germany")),
    ("ES", _("Spain")),
    ("IT", _("Italy")),
    ("PT", _("Portugal")),
    ("NL", _("Netherlands")),
    ("GB", _("United Kingdom")),
    ("IE", _("Ireland")),
    ("CA", _("Canada")),
]
#: Where French is spoken first: these come before the other time zones of the world.
USUAL_ZONES = [
    ("Europe/Paris", _("Paris")),
    ("America/Guadeloupe", _("Guadeloupe")),
    ("America/Martinique", _("Martinique")),
    ("America/Cayenne", _("French Guiana")),
    ("Indian/Reunion", _("Réunion")),
    ("Indian/Mayotte", _("Mayotte")),
    ("Pacific/Noumea", _("New Caledonia")),
    ("Pacific/Tahiti", _("French Polynesia")),
    ("America/Miquelon", _("Saint Pierre and Miquelon")),
    ("Europe/Brussels", _("Brussels")),
    ("Europe/Luxembourg", _("Luxembourg")),
    ("Europe/Zurich", _("Zurich")),
    ("America/Montreal", _("Montreal")),
]
LARGEST_LOGO = 8 * 1024 * 1024


def zone_choices() -> list[tuple[Any, list[tuple[str, Any]]]]:
    usual = {name for name, _words in USUAL_ZONES}
    known = zones.names()
    others = sorted(name for name in known if "/" in name and name not in usual and not name.startswith("Etc/"))
    return [
        (_("Usual"), [pair for pair in USUAL_ZONES if pair[0] in known]),
        (_("Everywhere else"), [(name, name.replace("_", " ")) for name in others]),
    ]


class _Checked(forms.Form):
    """Each field is put to `structures.actions.checked`, which says what is wrong with it."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in list(cleaned):
            try:
                cleaned[name] = checked(**{name: cleaned[name]})[name]
            except Invalid as error:
                self.add_error(name, error.message)
        return cleaned


class IdentityForm(_Checked):
    """Who the structure is, for its people and for the administration."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("As people call it."))
    kind = forms.ChoiceField(label=_("Kind"), choices=StructureKind.choices)
    purpose = forms.CharField(
        label=_("In one sentence"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What the structure does, for somebody who comes for the first time."),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("Where answers to the letters of the structure go."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("Phone"), max_length=30, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    street = forms.CharField(
        label=_("Address"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    postcode = forms.CharField(label=_("Postcode"), max_length=12, required=False)
    town = forms.CharField(label=_("Town"), max_length=100, required=False)
    country = forms.ChoiceField(label=_("Country"), choices=COUNTRIES, initial="FR")
    rna = forms.CharField(
        label=_("RNA"),
        max_length=40,
        required=False,
        help_text=_("W and nine characters, on the receipt of the prefecture. None in Alsace-Moselle."),
    )
    siret = forms.CharField(
        label=_("SIREN or SIRET"),
        max_length=40,
        required=False,
        help_text=_("Nine or fourteen digits: with or without spaces."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = self.initial.get("country")
        if country and country not in dict(COUNTRIES):
            self.fields["country"].choices = [*COUNTRIES, (country, country)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("postcode") and cleaned.get("country"):
            try:
                cleaned |= checked(postcode=cleaned["postcode"], country=cleaned["country"])
            except Invalid as error:
                self.add_error(error.field, error.message)
        return cleaned


class LookForm(_Checked):
    """Colour and logo."""

    colour = forms.CharField(
        label=_("Colour"), max_length=7, widget=forms.TextInput(attrs={"type": "color"}), initial="#b4532a"
    )
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_(
            "An image (PNG, JPEG, WebP or GIF) of 8 MB at most. It is made small, and where it was taken is removed."
        ),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
    )
    remove_logo = forms.BooleanField(label=_("Take the logo away"), required=False)

    def __init__(self, *args: Any, has_logo: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_logo:
            del self.fields["remove_logo"]

    def clean_logo(self) -> Any:
        logo = self.cleaned_data["logo"]
        if logo and logo.size > LARGEST_LOGO:
            raise forms.ValidationError(_("This image is too heavy: 8 MB at most."))
        return logo


class ToolsForm(_Checked):
    """Which tools are on, in which language and at which time."""

    enabled_tools = forms.MultipleChoiceField(
        label=_("Tools"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They can be switched on and off at any time: what is in a tool switched off is kept."),
    )
    language = forms.ChoiceField(label=_("Language"), help_text=_("Of letters to people who have not chosen theirs."))
    timezone = forms.ChoiceField(label=_("Time zone"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["enabled_tools"].choices = [(tool.slug, tool.name) for tool in registry.tools()]
        fields["language"].choices = settings.LANGUAGES
        fields["timezone"].choices = zone_choices()

    def clean_enabled_tools(self) -> list[str]:
        """In the order the structure had; tools newly switched on come last."""
        chosen = self.cleaned_data["enabled_tools"]
        before = [slug for slug in self.initial.get("enabled_tools", []) if slug in chosen]
        return before + [slug for slug in chosen if slug not in before]


def initial_of(structure: Structure) -> dict[str, Any]:
    """What the forms show of a structure."""
    names = [*IdentityForm.base_fields, "colour", *ToolsForm.base_fields]
    return {name: getattr(structure, name) for name in names}


class RightsForm(forms.Form):
    """One choice of role for each action: the name of a field is the action, its dot written as "__"."""

    def __init__(self, *args: Any, lines: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = {line.action.name: line for line in lines}
        for name, line in self.lines.items():
            self.fields[field_of(name)] = forms.TypedChoiceField(
                label=line.action.label,
                choices=[(int(role), Role(role).label) for role in line.choices],
                coerce=int,
                initial=int(line.least),
            )

    def chosen(self) -> dict[str, int]:
        return {name: self.cleaned_data[field_of(name)] for name in self.lines}


def field_of(action: str) -> str:
    return action.replace(".", "__")


class GrantForm(forms.Form):
    """Who is given which right by name, until when."""

    def __init__(self, *args: Any, actions: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action"] = forms.ChoiceField(
            label=_("Right"), choices=[(action.name, action.label) for action in actions]
        )
        self.fields["person"] = forms.ModelChoiceField(
            label=_("Person"), queryset=active_people(), empty_label=_("Choose somebody")
        )
        self.fields["until"] = DayField(label=_("Until"), required=False, help_text=_("Empty: until it is taken back."))
