"""The forms of those who decide how one joins online, and of those who answer."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tilios.core.billing.models import Means
from tilios.core.people.roles import Role
from tilios.kit.text import slugify
from tilios.tools.members import queries
from tilios.tools.members.forms.answers import LARGEST_FILE
from tilios.tools.members.models import AGREEMENTS, ASKABLE, Asking, DuesKind, Field, JoinForm, Record, Status
from tilios.tools.members.queries.joining import NOT_ASKED
from tilios.ui.fields import DayField

ASKED = "ask_"
#: The means that somebody has once they are at the desk or at home: a debit needs a mandate first.
OFFERED_MEANS = (Means.TRANSFER, Means.CHEQUE, Means.CASH, Means.CARD, Means.OTHER)
LABELS = {"address": _("Postal address"), "organisation": _("Organisation or company")}


class JoinFormForm(forms.ModelForm):
    """One form to join by. `said()` gives what actions/join_forms.py takes."""

    statutes_sent = forms.FileField(
        label=_("File of the statutes"),
        required=False,
        help_text=_("PDF. Whoever has the address of the form reads it."),
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
    )
    statutes_removed = forms.BooleanField(label=_("Remove the file"), required=False)
    agreements = forms.MultipleChoiceField(
        label=_("What they may agree to"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Boxes that nobody ticks for them."),
    )
    means = forms.MultipleChoiceField(
        label=_("How they may pay"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(one.value, one.label) for one in OFFERED_MEANS],
    )
    role = forms.TypedChoiceField(
        label=_("Role"),
        coerce=int,
        choices=[(Role.GUEST.value, Role.GUEST.label), (Role.MEMBER.value, Role.MEMBER.label)],
        help_text=_("What they may do here with an account. Dues can open the role of a member once they are paid."),
    )
    statutes_url = forms.URLField(
        label=_("Address of the statutes"),
        required=False,
        assume_scheme="https",
        help_text=_("An address that everybody can open. A file sent below takes its place."),
    )
    opens_on = DayField(label=_("First day"), required=False)
    closes_on = DayField(label=_("Last day"), required=False)

    class Meta:
        model = JoinForm
        fields = (
            "title", "slug", "introduction", "most_family", "agreements", "consent_text",
            "mode", "role", "invites", "means", "payment_words", "welcome", "kept_days",
            "is_open", "opens_on", "closes_on",
        )  # fmt: skip
        widgets = {
            "introduction": forms.Textarea(attrs={"rows": 5}),
            "consent_text": forms.Textarea(attrs={"rows": 4}),
            "payment_words": forms.Textarea(attrs={"rows": 3}),
            "welcome": forms.Textarea(attrs={"rows": 4}),
            "mode": forms.RadioSelect,
        }
        help_texts = {
            "slug": _("Left empty: made of the title."),
            "introduction": _("Bold between **stars**, lists with dashes, links."),
            "most_family": _("0: each joins alone."),
            "consent_text": _("Who keeps their data, what for, how long, and whom to write to."),
            "payment_words": _("The order of cheques, the days of the desk. The IBAN is that of your papers."),
            "welcome": _("A few words at the head of the letter that says they are members."),
            "kept_days": _("An application refused or withdrawn is erased after them; the form says so."),
            "is_open": _("Closed, it says so and takes nothing."),
        }

    #: The parts of the page, each a title and its fields.
    PARTS: tuple[tuple[Any, tuple[str, ...]], ...] = (
        (_("The page"), ("title", "slug", "introduction", "is_open", "opens_on", "closes_on")),
        (_("What they choose"), ("kinds", "most_family")),
        (_("What you ask"), (*(f"{ASKED}{name}" for name in ASKABLE), "fields")),
        (
            _("What they accept"),
            ("agreements", "consent_text", "statutes_url", "statutes_sent", "statutes_removed", "kept_days"),
        ),
        (_("Payment"), ("means", "payment_words")),
        (_("How they become members"), ("mode", "status", "role", "invites", "welcome")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        self._add_links()
        for name in ASKABLE:
            self.fields[f"{ASKED}{name}"] = forms.ChoiceField(
                label=LABELS.get(name) or queries.label_of(name),
                choices=Asking.choices,
                required=False,
                initial=self.instance.asked.get(name, ""),
            )
        words = [(name, queries.label_of(name)) for name in AGREEMENTS]
        self.fields["agreements"].choices = words  # type: ignore[attr-defined]
        self.initial["statutes_url"] = self.instance.statutes_url
        if not self.instance.statutes_file_id:
            del self.fields["statutes_removed"]
        if not self.instance.pk:
            self.initial.setdefault("consent_text", proposed_consent())

    def _add_links(self) -> None:
        """What points at other rows of the structure: dues, fields, a status."""
        row, fields = self.instance, Field.objects.exclude(kind__in=NOT_ASKED)
        self.fields["kinds"] = forms.ModelMultipleChoiceField(
            label=_("Dues offered"),
            queryset=DuesKind.objects.filter(is_archived=False),
            widget=forms.CheckboxSelectMultiple,
            initial=row.kinds.all() if row.pk else None,
        )
        if fields.exists():
            self.fields["fields"] = forms.ModelMultipleChoiceField(
                label=_("Fields of the register asked"),
                queryset=fields,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                initial=row.fields.all() if row.pk else None,
            )
        if Status.objects.exists():
            self.fields["status"] = forms.ModelChoiceField(
                label=pgettext_lazy("of a member", "Status"),
                queryset=Status.objects.all(),
                required=False,
                empty_label="—",
                initial=row.status_id,
            )

    def parts(self) -> list[tuple[str, list[Any]]]:
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in self.PARTS]

    def clean_slug(self) -> str:
        text = self.cleaned_data["slug"].strip().lower()
        return text if re.fullmatch(r"[a-z0-9-]*", text) else slugify(text)

    def clean_statutes_sent(self) -> Any:
        sent = self.cleaned_data["statutes_sent"]
        if sent and sent.size > LARGEST_FILE:
            raise forms.ValidationError(gettext("This file is too large."))
        if sent and sent.read(5) != b"%PDF-":
            raise forms.ValidationError(gettext("This is not a PDF."))
        if sent:
            sent.seek(0)
        return sent

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        first, last = said.get("opens_on"), said.get("closes_on")
        if first and last and last < first:
            self.add_error("closes_on", gettext("The last day is before the first."))
        return said

    def said(self) -> dict[str, Any]:
        """The values of the form, the file apart (`statutes_sent`)."""
        given = dict(self.cleaned_data)
        asked = {name: given.pop(f"{ASKED}{name}") for name in ASKABLE}
        return given | {"asked": {name: how for name, how in asked.items() if how}}

    def _post_clean(self) -> None:
        """Leave the row as it is: the action writes it."""


def proposed_consent() -> str:
    """What a new form says of data, for the structure to make its own."""
    return gettext(
        "What you write here is used to handle your membership, by those who keep the register. It is kept as long as "
        "you are a member, and as long as the law asks for the accounts. You may ask to see it, to change it or to "
        "have it erased."
    )


class AcceptingForm(forms.Form):
    """For each who asks and looks like somebody of the register: the same, or somebody else."""

    def __init__(self, data: Any = None, *, alike: dict[int, list[tuple[Record, list[str]]]]) -> None:
        super().__init__(data)
        self.alike = alike
        for pk, found in alike.items():
            if found:
                choices = [("", _("Somebody new")), *((str(record.pk), str(record)) for record, _why in found)]
                self.fields[f"same_{pk}"] = forms.ChoiceField(choices=choices, required=False)

    def same(self) -> dict[int, Record]:
        """The records said to be theirs, by the number of the applicant."""
        chosen = {}
        for pk, found in self.alike.items():
            wanted = self.cleaned_data.get(f"same_{pk}")
            if wanted:
                chosen[pk] = next(record for record, _why in found if str(record.pk) == wanted)
        return chosen


class RefusingForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("They read it in the letter."),
    )
