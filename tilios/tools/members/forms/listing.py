"""The filters of the list and its columns, read from the address of the page. A wrong value counts as none."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tilios.core.people.models import Group, Person
from tilios.tools.members import queries
from tilios.tools.members.models import RecordKind, Status
from tilios.tools.members.queries import listing


class ListForm(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=80, widget=forms.TextInput({"type": "search"}))
    etat = forms.ChoiceField(
        label=_("Dues"),
        required=False,
        choices=[
            ("", _("All who are here")),
            (listing.UP_TO_DATE, _("Up to date")),
            (listing.LATE, _("Late")),
            (listing.NEVER, _("Never paid")),
            (listing.EXEMPT, _("Owe no dues")),
            (listing.LEFT, _("Have left")),
            (listing.EVERYBODY, _("Everybody")),
        ],
    )
    genre = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[
            ("", _("People and organisations")),
            (RecordKind.HUMAN, _("People")),
            (RecordKind.ORGANISATION, _("Organisations")),
        ],
    )

    def __init__(self, data: Any, *, by: Person) -> None:
        super().__init__(data)
        self.fields["statut"] = forms.ModelChoiceField(
            Status.objects.all(), label=_("Status"), required=False, empty_label=_("All statuses")
        )
        self.fields["groupe"] = forms.ModelChoiceField(
            queries.groups_listed(by), label=_("Group"), required=False, empty_label=_("All groups")
        )
        self.order_fields(["q", "etat", "statut", "groupe", "genre"])

    def filters(self) -> queries.Filters:
        self.is_valid()
        said = self.cleaned_data
        status, group = said.get("statut"), said.get("groupe")
        sort = str(self.data.get("tri", "nom"))
        return queries.Filters(
            text=said.get("q") or "",
            status=status if isinstance(status, Status) else None,
            group=group if isinstance(group, Group) else None,
            standing=said.get("etat") or "",
            kind=said.get("genre") or "",
            sort=sort if sort.removeprefix("-") in listing.SORTS else "nom",
        )
