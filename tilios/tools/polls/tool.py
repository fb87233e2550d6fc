"""Polls: find a date, choose a name or a logo, together."""

from django.utils.translation import gettext_lazy as _

from tilios.core.people.roles import Role
from tilios.core.toolbox.declaration import Action, Create, Kind, Notice, Periodic, ShareMode, Tool, Widget

TOOL = Tool(
    slug="polls",
    path="sondages",
    name=_("Polls"),
    icon="list-checks",
    section="decide",
    description=_("Find a date, choose a name or a logo, together."),
    urls="tilios.tools.polls.urls",
    actions=(
        Action("polls.view", _("See the polls that ask one's opinion"), Role.GUEST),
        Action("polls.vote", _("Vote where one is asked"), Role.GUEST),
        Action("polls.create", _("Make a poll"), Role.MEMBER),
        Action("polls.edit", _("Change, close and delete one's own polls"), Role.MEMBER),
        Action("polls.share", _("Make links for guests and for readers"), Role.MEMBER),
        Action("polls.manage", _("Run everybody's polls"), Role.MANAGER, floor=Role.MEMBER),
    ),
    verbs={
        "polls.opened": _("opened a poll"),
        "polls.changed": _("changed a poll"),
        "polls.imported": _("imported a poll"),
        "polls.option_proposed": _("proposed an option in a poll"),
        "polls.voted": _("voted in a poll"),
        "polls.vote_changed": _("changed their vote in a poll"),
        "polls.keyed_in": _("keyed in a vote for somebody"),
        "polls.withdrew": _("withdrew their vote from a poll"),
        "polls.ballot_removed": _("removed a vote from a poll"),
        "polls.reminded": _("reminded people of a poll"),
        "polls.closed": _("closed a poll"),
        "polls.outcome_written": _("wrote the outcome of a poll"),
        "polls.reopened": _("reopened a poll"),
        "polls.archived": _("archived a poll"),
        "polls.unarchived": _("brought back a poll from the archives"),
        "polls.deleted": _("deleted a poll"),
        "polls.restored": _("restored a poll"),
        "polls.forgotten": _("removed a deleted poll for good"),
        "polls.event_made": _("made an event of the date of a poll"),
        "polls.review_due": _("recalled a decision to look at again"),
        "polls.roll_changed": _("changed the roll of a vote"),
        "polls.roll_ticked": _("ticked somebody on the roll of a vote"),
        "polls.proxy_given": _("gave or recorded a proxy for a vote"),
        "polls.proxy_taken_back": _("took back a proxy for a vote"),
        "polls.voted_secretly": _("received a secret ballot"),
        "polls.batch_opened": _("announced a pile of paper ballots"),
        "polls.batch_keyed": _("keyed in a pile of paper ballots"),
        "polls.batch_entered": _("counted a pile of paper ballots"),
        "polls.batch_dropped": _("forgot a pile of paper ballots"),
    },
    kinds=(
        Kind(
            "polls.poll",
            model="polls.Poll",
            label=_("Poll"),
            icon="list-checks",
            visible="tilios.tools.polls.queries.visible_polls",
            url="polls:detail",
            comments=True,
            shares={
                "vote": ShareMode(_("Vote without an account"), "tilios.tools.polls.views.shared.vote", "polls.share"),
                "read": ShareMode(_("See the results"), "tilios.tools.polls.views.shared.read", "polls.share"),
            },
            search="tilios.tools.polls.search.entry",
        ),
    ),
    creates=(
        Create(_("Poll for a date"), "polls:new_dates", "calendar-check", "polls.create"),
        Create(_("Poll among options"), "polls:new_choice", "list-checks", "polls.create"),
    ),
    widgets=(
        Widget("polls.waiting", _("Polls"), "tilios.tools.polls.widgets.waiting", "polls/widget.html", "polls.view"),
    ),
    notices=(
        Notice("polls.opened", _("A poll asks for your opinion"), ("page", "mail")),
        Notice("polls.reminder", _("A poll still waits for your vote"), ("page", "mail")),
        Notice("polls.proxy", _("Somebody gives you their proxy for a vote"), ("page", "mail")),
        Notice("polls.closed", _("A poll in which you voted is closed"), ("page",)),
        Notice("polls.review", _("A decision is to be looked at again"), ("page", "mail")),
    ),
    periodic=(Periodic("polls.keep_up", "tilios.tools.polls.actions.upkeep.keep_up", every_s=60),),
    portability="tilios.tools.polls.portability",
    demo="tilios.tools.polls.demo.load",
    help="polls/help.html",
)
