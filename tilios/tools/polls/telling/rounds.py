"""What the run-off and the transferable vote tell alike: how one of those level was chosen to go out."""

from typing import Any

from django.utils.translation import gettext as _

from tilios.kit.voting.piles import EARLIER, Settled


def settled(result: Any, how: Settled) -> str:
    values = {"names": result.listed(how.level), "name": result.name(how.chosen), "round": how.round, "seed": how.seed}
    if how.how == EARLIER:
        return _("%(names)s were level: %(name)s was chosen by the figures of round %(round)d.") % values
    return (
        _(
            "%(names)s were level in every round: %(name)s was drawn by lot, with the seed “%(seed)s” "
            "(the voices of the first round), by the method of polls drawn by lot."
        )
        % values
    )
