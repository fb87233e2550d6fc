"""Bring in a poll from Framadate."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tilios.tools.polls.forms.fields import zone_choices


class ImportForm(forms.Form):
    """`file` the first time; then `content`, the same bytes kept in the page between the trial and the import."""

    title = forms.CharField(label=_("Question"), max_length=160)
    file = forms.FileField(label=_("File exported by Framadate (CSV)"), required=False)
    content = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4_000_000)
    timezone = forms.ChoiceField(label=_("Time zone of the hours"))
    closed = forms.BooleanField(label=_("The vote is over: keep the results, take no more votes"), required=False)
    anyway = forms.BooleanField(label=_("Leave out the lines that cannot be read"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["timezone"].choices = zone_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("file") and not given.get("content"):
            self.add_error("file", _("Choose the file."))
        return given
