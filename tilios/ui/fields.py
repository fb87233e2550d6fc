"""Form fields that read what people write by hand: a day, an amount."""

from typing import Any

from django import forms
from django.utils.translation import gettext

from tilios.kit.dates import parse_date
from tilios.kit.money import parse_cents, plain_cents
from tilios.kit.refusals import Refusal


class DayField(forms.DateField):
    """A day written by hand as people write it, or given by the browser's own field."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        try:
            return parse_date(value)
        except Refusal as refusal:
            raise forms.ValidationError(gettext(refusal.message) % refusal.params) from refusal


class CentsField(forms.Field):
    """An amount of euros as people write it ("12,50", "1 200 €"), in cents; None when it is empty."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 10})

    def __init__(self, *, least: int = 0, **options: Any) -> None:
        super().__init__(**options)
        self.least = least  # cents

    def prepare_value(self, value: Any) -> Any:
        return plain_cents(value).replace(".", ",") if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, int) or value in self.empty_values:
            return value if isinstance(value, int) else None
        try:
            cents = parse_cents(str(value))
        except Refusal as refusal:
            raise forms.ValidationError(gettext(refusal.message) % refusal.params) from refusal
        if cents < self.least:
            raise forms.ValidationError(gettext("This amount is too low."))
        return cents
