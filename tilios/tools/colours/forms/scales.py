"""The scale of a session: a preset as it is, or one's own words, signs and weights."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tilios.core.errors import Invalid
from tilios.tools.colours.scales import LONGEST_LABEL, LONGEST_SYMBOL, PRESETS, SIGNS, Level, Scale, checked

MOST_LEVELS = 7


class ScaleForm(forms.Form):
    """`scale` after validation. Lines of words filled in make one's own scale of three, five or seven colours."""

    preset = forms.ChoiceField(label=_("Scale"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = ("own", _("My own words: fill in the lines below"))
        self.fields["preset"].choices = [*((one.slug, one.name) for one in PRESETS.values()), own]  # type: ignore[attr-defined]
        for rank in range(MOST_LEVELS):
            self.fields[f"label_{rank}"] = forms.CharField(label=_("Words"), required=False, max_length=LONGEST_LABEL)
            self.fields[f"symbol_{rank}"] = forms.CharField(
                label=pgettext_lazy("of a colour", "Sign"), required=False, max_length=LONGEST_SYMBOL
            )
            self.fields[f"weight_{rank}"] = forms.FloatField(label=_("Weight"), required=False)

    @property
    def lines(self) -> list[tuple[int, Any, Any, Any]]:
        """(rank from 1, words, sign, weight) of each line, for the page."""
        return [
            (rank + 1, self[f"label_{rank}"], self[f"symbol_{rank}"], self[f"weight_{rank}"])
            for rank in range(MOST_LEVELS)
        ]

    @property
    def own_is_open(self) -> bool:
        return bool(self.errors) or self["preset"].value() == "own"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("preset") == "own" and not self.errors:
            try:
                given["scale"] = self._own(given)
            except Invalid as error:
                self.add_error("preset", str(error.message))
        elif given.get("preset"):
            given["scale"] = PRESETS[given["preset"]].scale
        return given

    def _own(self, given: dict[str, Any]) -> Scale:
        filled = [rank for rank in range(MOST_LEVELS) if given.get(f"label_{rank}")]
        signs = SIGNS.get(len(filled), ("",) * len(filled))
        levels = []
        for place, rank in enumerate(filled):
            weight = given.get(f"weight_{rank}")
            levels.append(
                Level(
                    given[f"label_{rank}"],
                    given.get(f"symbol_{rank}") or signs[place],
                    float(len(filled) - place) if weight is None else weight,
                )
            )
        return checked(levels)


def initial_of(scale: Scale) -> dict[str, Any]:
    """What the form shows first for this scale."""
    if scale.preset in PRESETS:
        return {"preset": scale.preset}
    values: dict[str, Any] = {"preset": "own"}
    for rank, level in enumerate(scale.levels):
        values |= {f"label_{rank}": level.label, f"symbol_{rank}": level.symbol, f"weight_{rank}": level.weight}
    return values
