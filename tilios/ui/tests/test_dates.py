"""Days in words."""

from datetime import date

from django.utils import translation

from tilios.ui.dates import day_in_words


def test_the_first_of_a_month_is_said_as_french_says_it() -> None:
    with translation.override("fr"):
        assert day_in_words(date(2026, 12, 1)) == "mardi 1er décembre 2026"
        assert day_in_words(date(2026, 12, 11), year=False) == "vendredi 11 décembre"
    with translation.override("en"):
        assert day_in_words(date(2026, 12, 1), year=False).startswith("Tuesday")
