"""The look a structure chooses: what its colour becomes in each theme, said in words; its logo."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tilios.core.blobs.errors import BlobError
from tilios.core.blobs.images import store_image
from tilios.core.errors import Invalid
from tilios.ui import colour as colours

LOGO_SIDE = 512  # pixels


@dataclass(frozen=True)
class Sample:
    """One theme as it would look: every value is a colour, for the attributes of an SVG."""

    name: str
    ground: str
    sheet: str
    ink: str
    fill: str
    on: str
    text: str
    soft: str
    soft_on: str


@dataclass(frozen=True)
class Preview:
    """What a colour gives: samples, and what had to be changed so that everybody can read."""

    colour: str
    samples: list[Sample]
    notes: list[str]


NAMES = {"light": lambda: _("Light"), "dark": lambda: _("Dark"), "contrast": lambda: _("High contrast")}


def preview(value: Any) -> Preview | None:
    """None for what is no colour."""
    try:
        chosen = colours.to_hex(colours.parse(str(value or "")))
    except ValueError:
        return None
    palette = colours.palette(chosen)
    samples = [_sample(theme, palette) for theme in colours.THEMES]
    return Preview(chosen, samples, list(_notes(chosen, samples)))


def _sample(theme: Any, palette: dict[str, str]) -> Sample:
    def value(part: str) -> str:
        return palette[f"--accent-{theme.name}{part}"]

    return Sample(
        name=NAMES[theme.name](),
        ground=theme.ground,
        sheet=theme.grounds[1] if len(theme.grounds) > 1 else theme.ground,
        ink=colours.readable_on(theme.ground),
        fill=value(""),
        on=value("-on"),
        text=value("-text"),
        soft=value("-soft"),
        soft_on=value("-soft-on"),
    )


def _notes(chosen: str, samples: list[Sample]) -> Any:
    light, dark = samples[0], samples[1]
    if light.fill != chosen:
        yield _("Neither white nor black reads well on this colour: buttons take a shade very near to it.")
    elif light.on == colours.LIGHTEST:
        yield _("White text reads well on this colour: buttons keep it as it is.")
    else:
        yield _("Dark text reads well on this colour: buttons keep it as it is.")
    if light.text != chosen:
        yield _("On a light page, links take a darker shade of it, so that they can be read.")
    if dark.text != chosen:
        yield _("On a dark page, links take a lighter shade of it, so that they can be read.")
    if light.text == chosen and dark.text == chosen:
        yield _("Words written in this colour are readable everywhere.")


def logo_chosen(form: Any, present: Any) -> Any:
    """The blob of the logo after the form: the new image, none, or the one there was. Raises Invalid("logo")."""
    if form.cleaned_data.get("logo"):
        return store_logo(form.cleaned_data["logo"])
    return None if form.cleaned_data.get("remove_logo") else present


def store_logo(upload: Any) -> Any:
    """The image, written again small and without what the camera attached. Raises Invalid("logo")."""
    try:
        return store_image(upload, max_side=LOGO_SIDE)
    except BlobError as error:
        raise Invalid("logo", error.message) from error
