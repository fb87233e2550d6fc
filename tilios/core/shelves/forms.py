"""A line of a list of rights: to whom, and what they may do."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from tilios.core.people.models import Group, Person
from tilios.core.people.queries import active_people, groups
from tilios.core.people.roles import Role
from tilios.core.shelves.actions.rights import To
from tilios.core.shelves.audience import WHOM
from tilios.core.shelves.levels import Level
from tilios.core.shelves.shelf import Shelf
from tilios.kit.text import fold

#: Beyond, a person is written rather than chosen in a list.
MOST_LISTED = 300
NOBODY = _("Say to whom: a role, a group or a person.")


def level_choices(shelf: Shelf) -> list[tuple[int, Any]]:
    """The levels, each with the sentence that explains it."""
    return [
        (int(level), format_html('{}<br><span class="help">{}</span>', level.label, words))
        for level, words in shelf.levels.items()
    ]


class LineForm(forms.Form):
    """A line to add. `to()` gives the role, the group or the person; `cleaned_data["level"]` the level."""

    whom = forms.ChoiceField(label=_("To whom"), required=False)
    person = forms.CharField(
        label=_("Or a person"),
        required=False,
        max_length=200,
        help_text=_("Their name, or their address."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    level = forms.TypedChoiceField(
        label=_("What they may do"), coerce=int, initial=int(Level.VIEW), widget=forms.RadioSelect
    )

    def __init__(self, shelf: Shelf, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = list(active_people().values_list("pk", "display_name")[: MOST_LISTED + 1])
        is_listed = len(people) <= MOST_LISTED
        choices: list[tuple[Any, Any]] = [("", _("Choose…"))]
        choices.append((_("Roles"), [(f"role-{int(role)}", words) for role, words in WHOM.items()]))
        if rows := [(f"group-{group.pk}", group.name) for group in groups()]:
            choices.append((_("Groups"), rows))
        if is_listed:
            choices.append((_("People"), [(f"person-{pk}", name) for pk, name in people]))
            del self.fields["person"]
            self.fields["whom"].required = True
            self.fields["whom"].error_messages["required"] = NOBODY
        whom: Any = self.fields["whom"]
        whom.choices = choices
        level: Any = self.fields["level"]
        level.choices = level_choices(shelf)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        written = " ".join((data.get("person") or "").split())
        data["to"] = self._chosen(data.get("whom") or "") or (self._written(written) if written else None)
        if data["to"] is None and not self.errors:
            self.add_error("whom", NOBODY)
        return data

    def to(self) -> To:
        return self.cleaned_data["to"]

    def _chosen(self, value: str) -> To | None:
        kind, _dash, number = value.partition("-")
        if kind == "role":
            return Role(int(number))
        if kind == "group":
            return Group.objects.filter(pk=number).first()
        return active_people().filter(pk=number).first() if kind == "person" else None

    def _written(self, text: str) -> Person | None:
        found = active_people().filter(email__iexact=text) if "@" in text else self._named(text)
        matches = list(found[:2])
        if len(matches) == 1:
            return matches[0]
        words = (
            _("Several people are called “%(name)s”: write their address.")
            if matches
            else _("Nobody here is called “%(name)s”.")
        )
        self.add_error("person", words % {"name": text[:60]})
        return None

    def _named(self, text: str) -> Any:
        people = active_people()
        for word in fold(text).split()[:4]:
            people = people.filter(sort_name__contains=word)
        return people
