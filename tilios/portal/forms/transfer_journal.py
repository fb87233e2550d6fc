"""The filters of the journal."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tilios.core.people.models import Person
from tilios.core.structures.scope import current_structure
from tilios.core.toolbox import registry

MOST_PEOPLE = 200  # with as many of one name, the filter says nothing any more

DOORS = (
    ("web", _("On the web")),
    ("link", _("Through a share link")),
    ("mail", _("By a letter that came in")),
    ("dav", _("From a program")),
    ("job", _("By Tilios itself")),
    ("command", _("On the server")),
    ("import", _("With an archive")),
)
ANY_WAY = ("", pgettext_lazy("journal", "Any way"))
ANYTHING = ("", pgettext_lazy("journal", "Anything"))
MORE = ("chose", "du", "au", "porte")
DAY = forms.DateInput(attrs={"type": "date"})


class JournalFilters(forms.Form):
    """`?qui=alice&quoi=polls.voted&chose=polls.poll&du=2026-05-01&au=2026-05-31&porte=web`, each optional."""

    qui = forms.CharField(label=pgettext_lazy("journal", "Who"), required=False, max_length=80)
    quoi = forms.ChoiceField(label=pgettext_lazy("journal", "What was done"), required=False)
    chose = forms.ChoiceField(label=pgettext_lazy("journal", "To what"), required=False)
    du = forms.DateField(label=pgettext_lazy("journal", "From"), required=False, widget=DAY)
    au = forms.DateField(label=pgettext_lazy("journal", "To"), required=False, widget=DAY)
    porte = forms.ChoiceField(label=pgettext_lazy("journal", "How"), required=False, choices=[ANY_WAY, *DOORS])
    numero = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, Any] = self.fields
        choices["quoi"].choices = [ANYTHING, *_verbs()]
        kinds = sorted((str(kind.label), kind.name) for kind in registry.kinds().values())
        choices["chose"].choices = [
            ("", pgettext_lazy("journal", "Anything")),
            *((name, label) for label, name in kinds),
        ]

    def asked(self) -> dict[str, Any]:
        """What to ask of `journal.queries.entries`. Values that mean nothing ask for nothing."""
        self.is_valid()
        said = self.cleaned_data
        asked: dict[str, Any] = {"door": said.get("porte", "")}
        what = said.get("quoi", "")
        asked["verb" if "." in what else "tool"] = what
        if kind := registry.kind(said.get("chose", "")):
            asked |= {"kind": kind.model.lower(), "target": said.get("numero")}
        if name := said.get("qui", "").strip():
            found = Person.objects.filter(display_name__icontains=name).values_list("pk", flat=True)
            asked["people"] = list(found[:MOST_PEOPLE])
        zone = ZoneInfo(current_structure().timezone)
        if said.get("du"):
            asked["since"] = datetime.combine(said["du"], datetime.min.time(), zone)
        if said.get("au"):
            asked["until"] = datetime.combine(said["au"] + timedelta(days=1), datetime.min.time(), zone)
        return asked

    @property
    def is_asking(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    @property
    def more(self) -> list[forms.BoundField]:
        """The filters folded away at first."""
        return [self[name] for name in MORE]

    @property
    def is_asking_more(self) -> bool:
        return any(self.data.get(name) for name in MORE)

    @property
    def thing(self) -> str:
        """What the entries are about, when one thing is asked for: "Poll 3"."""
        kind, number = registry.kind(self.cleaned_data.get("chose", "")), self.cleaned_data.get("numero")
        return f"{kind.label} {number}" if kind and number else ""


def _verbs() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """Everything that may be done, by tool; first of each, all of it."""
    return [
        (
            tool.name,
            [
                (tool.slug, _("Everything: %(tool)s") % {"tool": tool.name}),
                *sorted(((name, str(words)) for name, words in tool.verbs.items()), key=lambda pair: pair[1]),
            ],
        )
        for tool in registry.everything()
        if tool.verbs
    ]
