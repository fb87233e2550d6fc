"""How a calendar is shown to anybody."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tilios.tools.agenda.models import Publication


class PublicationForm(forms.Form):
    slug = forms.CharField(
        label=_("End of the address"),
        max_length=60,
        required=False,
        help_text=_("Short, without accents or spaces; made of the calendar's name when it is left empty."),
    )
    contents = forms.ChoiceField(
        label=_("What is shown"),
        choices=[
            ("details", pgettext_lazy("of a public calendar", "The events, but for private ones")),
            ("busy", pgettext_lazy("of a public calendar", "Only when something takes place, not what")),
        ],
        widget=forms.RadioSelect,
    )

    takes_proposals = forms.BooleanField(
        label=_("Visitors may propose events"),
        required=False,
        help_text=_("Nothing shows before somebody who looks after the calendar has accepted it."),
    )

    def __init__(self, publication: Publication | None, data: Any = None) -> None:
        initial: dict[str, Any] = {"contents": "busy" if publication and publication.busy_only else "details"}
        if publication is not None:
            initial |= {"slug": publication.slug, "takes_proposals": publication.takes_proposals}
        super().__init__(data, initial=initial)
