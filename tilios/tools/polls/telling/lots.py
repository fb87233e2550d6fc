"""The draw: its seed, the order, and how to do it again."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tilios.kit.voting.draw import program
from tilios.tools.polls.telling import Step

SHOWN = 16  # characters of a fingerprint, enough to compare


def summary(result: Any) -> str:
    if not result.lots:
        return _("The draw has not taken place yet.")
    names = ", ".join(result.name(lot.number) for lot in result.lots[: result.drawn])
    return _("Drawn: %(names)s.") % {"names": names}


def explain(result: Any) -> str:
    return _(
        "The list is closed before anybody knows the seed, a text that a public source will give. "
        "Each option then gets a fingerprint, the SHA-256 of the seed, its number and its name, and "
        "options are put in the order of their fingerprints: nobody can bend the order, and anybody "
        "can work it out again."
    )


def steps(result: Any) -> Iterator[Step]:
    if not result.lots:
        return
    rows = [
        [
            lot.place,
            lot.number,
            result.name(lot.number),
            f"{lot.lot[:SHOWN]}…",
            _("yes") if lot.place <= result.drawn else "",
        ]
        for lot in result.lots
    ]
    words = [
        _("Seed: %(seed)s") % {"seed": result.poll.seed},
        _("Source announced: %(source)s") % {"source": result.poll.seed_source},
    ]
    head = [_("Place"), _("Number"), _("Option"), _("Fingerprint (beginning)"), pgettext("of an option", "Drawn")]
    yield Step(_("Order drawn"), words, head, rows)
    labels = [option.label for option in result.options]
    yield Step(
        _("Do the draw again"),
        [_("These five lines of Python print the same order:")],
        code=program(result.poll.seed, labels),
    )
