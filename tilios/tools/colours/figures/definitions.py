"""Each figure in a sentence, one tap away from the number."""

from django.utils.translation import gettext_lazy as _

DEFINITIONS = {
    "answered": (_("Answers"), _("How many people answered, white and black included.")),
    "expressed": (_("Colours given"), _("How many people gave a colour: neither white nor black.")),
    "mean": (
        _("Mean"),
        _("The mean of the weights of the colours given. White and black do not enter it."),
    ),
    "median": (
        _("Middle colour"),
        _("Put everybody in order of their colours: this is the colour of the one in the middle."),
    ),
    "spread": (
        _("Spread"),
        _("How far opinions are from the mean (the standard deviation): 0 when all gave the same colour."),
    ),
    "consensus": (
        _("Consensus"),
        _("From 0 %, half of the people at each end, to 100 %, everybody at the same colour."),
    ),
    "cleavage": (
        _("Split opinions"),
        _("Said when a fifth or more of those who gave a colour stand at each of the two ends."),
    ),
    "opacity": (
        _("Opacity"),
        _("The share of black: people who do not want to answer. It says something of the question itself."),
    ),
}
