"""Letting somebody act for somebody."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tilios.core.people.models import Person
from tilios.ui.fields import DayField

SCAN_LIMIT = 10 * 2**20
SCAN_KINDS = ("application/pdf", "image/jpeg", "image/png", "image/webp")


class MandateForm(forms.Form):
    """Who, until when; for one signed on paper, where the paper is."""

    until = DayField(label=_("Until"), required=False, help_text=_("Empty: until one of you ends it."))

    def __init__(self, *args: Any, found: list[Person], on_paper: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # SECURITY: any number may come back in the form; only the people just shown are taken.
        self.fields["delegate"] = forms.ModelChoiceField(
            label=_("Who will act"),
            queryset=Person.objects.filter(pk__in=[person.pk for person in found]),
            widget=forms.RadioSelect,
            empty_label=None,
            error_messages={"required": _("Choose somebody.")},
        )
        if on_paper:
            self.fields["note"] = forms.CharField(
                label=_("Note"),
                required=False,
                max_length=1000,
                help_text=_("Who signed, when, where the paper is kept."),
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self.fields["scan"] = forms.FileField(
                label=_("Scan or photo of the paper"),
                required=False,
                help_text=_("PDF or image, 10 MB at most."),
                widget=forms.FileInput(attrs={"accept": ".pdf,image/*"}),
            )
        self.order_fields(["delegate", "until", "note", "scan"])

    def clean_scan(self) -> Any:
        scan = self.cleaned_data.get("scan")
        if scan and scan.size > SCAN_LIMIT:
            raise forms.ValidationError(_("10 MB at most."))
        return scan
