"""The form of a mailing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tilios.core.people.models import Person
from tilios.tools.members.actions.mailings import PACES
from tilios.tools.members.models import Mailing
from tilios.tools.members.queries.choosing import offered


class MailingForm(forms.ModelForm):
    audience = forms.ChoiceField(label=_("For"))
    per_minute = forms.TypedChoiceField(
        label=_("Letters a minute"),
        coerce=int,
        choices=[(pace, pace) for pace in PACES],
        help_text=_("Some mail providers refuse those who send too many at once."),
    )

    class Meta:
        model = Mailing
        fields = ("audience", "kind", "subject", "body", "reply_to", "per_minute")
        widgets = {"kind": forms.RadioSelect, "body": forms.Textarea(attrs={"rows": 14})}
        labels = {
            "kind": _("What it is about"), "subject": _("Subject"), "body": pgettext_lazy("by mail", "Letter"),
            "reply_to": _("Answers go to"),
        }  # fmt: skip
        help_texts = {
            "body": _("Light marks are shown: **bold**, lists, [words](address) for a link."),
            "reply_to": _("Left empty: to the address from which Tilios sends."),
        }

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["audience"].choices = offered(by)  # type: ignore[attr-defined]
        self.fields["kind"].choices = Mailing._meta.get_field("kind").choices  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        """Leave the letter as it is: the action writes it, and checks it."""
