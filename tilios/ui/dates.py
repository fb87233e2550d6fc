"""Days in words, as each language says them: Django's formats know no "1er"."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext


def day_in_words(day: date, *, year: bool = True) -> str:
    """ "mardi 1er décembre 2026", "Tuesday 1 December 2026"; without the year when `year` is False."""
    text = date_format(day, gettext("l j F Y") if year else gettext("l j F"))
    if day.day == 1 and (get_language() or "").startswith("fr"):
        return text.replace(" 1 ", " 1er ", 1)
    return text
