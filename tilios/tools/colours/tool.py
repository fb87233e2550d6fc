"""Colour votes: people answer with a colour, and the spectrum shows every opinion in one look."""

from django.utils.translation import gettext_lazy as _

from tilios.core.people.roles import Role
from tilios.core.toolbox.declaration import Action, Create, Kind, Notice, Periodic, ShareMode, Tool, Widget

SHARED = "tilios.tools.colours.views.shared"

TOOL = Tool(
    slug="colours",
    path="vote-colore",
    name=_("Colour votes"),
    icon="rainbow",
    section="decide",
    description=_("Answer with a colour, see every opinion in one look."),
    urls="tilios.tools.colours.urls",
    actions=(
        Action("colours.view", _("See the colour votes that ask one's opinion"), Role.GUEST),
        Action("colours.answer", _("Answer with colours where one is asked"), Role.GUEST),
        Action("colours.create", _("Make a colour vote"), Role.MEMBER),
        Action("colours.edit", _("Change, animate, close and delete one's own colour votes"), Role.MEMBER),
        Action("colours.share", _("Make links and invitations to a colour vote"), Role.MEMBER),
        Action("colours.manage", _("Run everybody's colour votes"), Role.MANAGER, floor=Role.MEMBER),
    ),
    verbs={
        "colours.opened": _("opened a colour vote"),
        "colours.changed": _("changed a colour vote"),
        "colours.answered": _("answered a colour vote"),
        "colours.keyed_in": _("keyed in a sheet of colours"),
        "colours.voice_removed": _("removed answers from a colour vote"),
        "colours.imported": _("imported answers into a colour vote"),
        "colours.import_undone": _("took imported answers out of a colour vote"),
        "colours.round_opened": _("opened a new round of a colour vote"),
        "colours.revealed": _("showed the colours to the room"),
        "colours.invited": _("invited people to a colour vote"),
        "colours.uninvited": _("took somebody off the list of a colour vote"),
        "colours.reminded": _("reminded people of a colour vote"),
        "colours.closed": _("closed a colour vote"),
        "colours.reopened": _("reopened a colour vote"),
        "colours.deleted": _("deleted a colour vote"),
        "colours.restored": _("restored a colour vote"),
        "colours.forgotten": _("removed a deleted colour vote for good"),
    },
    kinds=(
        Kind(
            "colours.session",
            model="colours.Session",
            label=_("Colour vote"),
            icon="rainbow",
            visible="tilios.tools.colours.queries.visible_sessions",
            url="colours:detail",
            comments=True,
            shares={
                "answer": ShareMode(_("Answer without an account"), f"{SHARED}.answer", "colours.share"),
                "read": ShareMode(_("See the colours"), f"{SHARED}.read", "colours.share"),
                "embed": ShareMode(_("Show the spectrum in another website"), f"{SHARED}.embed", "colours.share"),
                "personal": ShareMode(_("Personal invitations by mail"), f"{SHARED}.personal", "colours.share"),
            },
            search="tilios.tools.colours.search.entry",
        ),
    ),
    creates=(Create(_("Colour vote"), "colours:new", "rainbow", "colours.create"),),
    widgets=(
        Widget(
            "colours.waiting",
            _("Colour votes"),
            "tilios.tools.colours.widgets.waiting",
            "colours/widget.html",
            "colours.view",
        ),
    ),
    notices=(
        Notice("colours.opened", _("A colour vote asks for your opinion"), ("page", "mail")),
        Notice("colours.reminder", _("A colour vote still waits for you"), ("page", "mail")),
        Notice("colours.closed", _("A colour vote in which you answered is closed"), ("page",)),
    ),
    periodic=(Periodic("colours.keep_up", "tilios.tools.colours.actions.upkeep.keep_up", every_s=60),),
    capabilities={
        "embed.card": "tilios.tools.colours.cards.card",
        "calendar.layer": "tilios.tools.colours.layers.layers",
    },
    portability="tilios.tools.colours.portability",
    demo="tilios.tools.colours.demo.load",
    help="colours/help.html",
)
