"""Amounts, rates and days in templates: {% load money %}."""

from datetime import date

from django import template
from django.utils.formats import date_format
from django.utils.translation import get_language

from tilios.kit.money import format_cents

register = template.Library()


@register.filter
def euros(cents: int) -> str:
    """2550 is "25,50 €" in French."""
    return format_cents(cents, get_language() or "fr")


@register.filter
def percent(rate: int) -> str:
    """2000 is "20 %" in French, 550 "5,5 %"."""
    whole, part = divmod(rate, 100)
    text = f"{whole}.{part:02}".rstrip("0").rstrip(".")
    return f"{text.replace('.', ',')}\u00a0%" if (get_language() or "fr").startswith("fr") else f"{text}%"


@register.filter
def day(iso: str) -> str:
    """A day kept as ISO 8601, as people read it."""
    return date_format(date.fromisoformat(iso), "DATE_FORMAT")
