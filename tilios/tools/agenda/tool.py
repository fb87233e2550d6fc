"""Agenda: one time and one address book, on every phone."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tilios.core.people.roles import Role
from tilios.core.toolbox.declaration import (
    Action,
    Create,
    DavMount,
    Kind,
    Mail,
    Notice,
    Periodic,
    ShareMode,
    Tool,
    Widget,
)

RIGHTS = "tilios.tools.agenda.queries.rights"
SHARED = "tilios.tools.agenda.views.shared"

TOOL = Tool(
    slug="agenda",
    path="agenda",
    name=_("Agenda"),
    icon="calendar-days",
    section="organise",
    description=_("One time and one address book, on every phone."),
    urls="tilios.tools.agenda.urls",
    actions=(
        Action("agenda.view", _("See the calendars and address books one is let into"), Role.GUEST),
        Action("agenda.write", _("Add and change where one is let"), Role.GUEST),
        Action("agenda.presence", _("See who is where, and say where one is"), Role.MEMBER, floor=Role.MEMBER),
        Action("agenda.own", _("Have calendars and address books of one's own"), Role.MEMBER),
        Action("agenda.share", _("Give others links to calendars"), Role.MEMBER),
        Action("agenda.manage", _("Look after everybody's and groups' calendars"), Role.MANAGER, floor=Role.MANAGER),
    ),
    verbs={
        "agenda.made": _("made a calendar or an address book"),
        "agenda.described": _("changed what is said of a calendar or an address book"),
        "agenda.thrown_away": _("threw a calendar or an address book away"),
        "agenda.restored": _("brought a calendar or an address book back"),
        "agenda.brought_in": _("brought in a file of events or contacts"),
        "agenda.added": _("added an event"),
        "agenda.changed": _("changed an event"),
        "agenda.removed": _("removed an event"),
        "agenda.answered": _("answered an invitation"),
        "agenda.time_proposed": _("proposed another time"),
        "agenda.card_added": _("added a contact"),
        "agenda.card_changed": _("changed a contact"),
        "agenda.card_removed": _("removed a contact"),
        "agenda.followed": _("follows a calendar of another place"),
        "agenda.published": _("made a calendar public"),
        "agenda.unpublished": _("closed a public calendar"),
        "agenda.proposal_sent": _("received a proposal that is to be confirmed"),
        "agenda.proposed": _("received a proposal of a visitor"),
        "agenda.proposal_accepted": _("accepted a proposal of a visitor"),
        "agenda.proposal_refused": _("refused a proposal of a visitor"),
        "agenda.feed_made": _("made an address for what concerns them"),
        "agenda.feed_revoked": _("took back an address for what concerns them"),
        "agenda.rights_changed": _("changed who may see a calendar or an address book"),
    },
    kinds=(
        Kind(
            "agenda.entry",
            model="agenda.Entry",
            label=_("Event"),
            icon="calendar-days",
            visible=f"{RIGHTS}.visible_entries",
            url="agenda:entry",
            comments=True,
            search="tilios.tools.agenda.search.entry",
            shares={
                "answer": ShareMode(
                    pgettext_lazy("use of a link to an event", "Answer an invitation"),
                    "tilios.tools.agenda.views.invited.answer",
                    "agenda.write",
                    "tilios.tools.agenda.actions.inviting.may_invite",
                    _("Each guest has an address of their own below it: letters of invitation hold it."),
                ),
            },
        ),
        Kind(
            "agenda.card",
            model="agenda.Card",
            label=pgettext_lazy("a kind of thing", "Contact"),
            icon="contact",
            visible=f"{RIGHTS}.visible_cards",
            url="agenda:card",
            search="tilios.tools.agenda.search.card",
        ),
        Kind(
            "agenda.item",
            model="agenda.Item",
            label=_("Calendar or address book"),
            icon="calendar-days",
            visible=f"{RIGHTS}.visible_items",
            url="agenda:item",
            shares={
                "see": ShareMode(
                    pgettext_lazy("use of a link to a calendar", "See everything"),
                    f"{SHARED}.see",
                    "agenda.share",
                    f"{RIGHTS}.may_link",
                    _("A page, and an address to which phones and other agendas subscribe. Private events stay out."),
                ),
                "busy": ShareMode(
                    pgettext_lazy("use of a link to a calendar", "See when, not what"),
                    f"{SHARED}.busy",
                    "agenda.share",
                    f"{RIGHTS}.may_link",
                    _("The same, but each event says only that the time is taken."),
                ),
            },
        ),
    ),
    creates=(Create(pgettext_lazy("a kind of thing", "Event"), "agenda:new", "calendar-plus", "agenda.write"),),
    widgets=(
        Widget(
            "agenda.upcoming",
            pgettext_lazy("of events", "Upcoming"),
            "tilios.tools.agenda.widgets.upcoming",
            "agenda/widget.html",
            "agenda.view",
        ),
    ),
    periodic=(
        Periodic("agenda.remind", "tilios.tools.agenda.actions.reminding.ring_due", every_s=30),
        Periodic("agenda.forget_cards", "tilios.tools.agenda.actions.card_trash.forget_old", every_s=86_400),
        Periodic("agenda.forget_coming", "tilios.tools.agenda.actions.coming.forget_old", every_s=86_400),
        Periodic("agenda.follow_people", "tilios.tools.agenda.actions.people_book.follow_everybody", every_s=3_600),
        Periodic("agenda.forget_proposals", "tilios.tools.agenda.actions.proposals.forget_old", every_s=86_400),
        Periodic("agenda.follow", "tilios.tools.agenda.actions.following.follow_due", every_s=300),
    ),
    notices=(
        Notice("agenda.proposed", _("A visitor proposes an event"), ("page", "mail")),
        Notice(
            "agenda.reminder", _("An event of yours begins soon, as you asked to be told"), ("page", "mail", "push")
        ),
        Notice("agenda.shared", _("Somebody lets you into a calendar or an address book"), ("page", "mail")),
        Notice("agenda.invited", _("Somebody invites you, or changes what you are invited to"), ("page", "mail")),
        Notice("agenda.answered", _("Somebody answers an invitation of yours"), ("page", "mail")),
    ),
    mail=Mail("agenda", "tilios.tools.agenda.mailed.knows", "tilios.tools.agenda.mailed.take"),
    dav=(
        DavMount(
            "calendars",
            "calendar",
            "tilios.tools.agenda.dav.calendars.Agenda",
            "agenda.view",
            home="{urn:ietf:params:xml:ns:caldav}calendar-home-set",
        ),
        DavMount(
            "addressbooks",
            "contacts",
            "tilios.tools.agenda.dav.cards.Contacts",
            "agenda.view",
            home="{urn:ietf:params:xml:ns:carddav}addressbook-home-set",
        ),
    ),
    capabilities={
        "calendar.layer": "tilios.tools.agenda.layers.layers",
        "event.calendars": "tilios.tools.agenda.capabilities.calendars",
        "event.create": "tilios.tools.agenda.capabilities.create_event",
    },
    shelf="tilios.tools.agenda.shelf.SHELF",
    portability="tilios.tools.agenda.portability",
    demo="tilios.tools.agenda.demo.load",
    help="agenda/help.html",
)
