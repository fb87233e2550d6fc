"""Texts: written together, live, and kept with their whole history."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tilios.core.people.roles import Role
from tilios.core.toolbox.declaration import Action, Create, Kind, Notice, Periodic, ShareMode, Tool, Widget

SHARED = "tilios.tools.pads.views.shared"
RIGHTS = "tilios.tools.pads.queries.rights"

TOOL = Tool(
    slug="pads",
    path="textes",
    name=_("Texts"),
    icon="notebook-pen",
    section="share",
    description=_("Written together, live, and kept with their whole history."),
    urls="tilios.tools.pads.urls",
    actions=(
        Action("pads.view", _("Read the texts one is let into"), Role.GUEST),
        Action("pads.comment", _("Comment and chat where one is let"), Role.GUEST),
        Action("pads.write", _("Begin texts and write where one is let"), Role.GUEST),
        Action("pads.own", _("Have a space of one's own for texts"), Role.MEMBER),
        Action("pads.share", _("Make links to texts"), Role.MEMBER),
        Action("pads.manage", _("Look after everybody's and groups' texts"), Role.MANAGER, floor=Role.MANAGER),
    ),
    verbs={
        "pads.folder_made": _("made a folder of texts"),
        "pads.begun": _("began a text"),
        "pads.copied": _("copied a text"),
        "pads.brought_in": _("made a text of a file"),
        "pads.renamed": _("renamed a text"),
        "pads.described": _("changed what is said of a text"),
        "pads.moved": _("moved a text"),
        "pads.trashed": _("threw a text away"),
        "pads.restored": _("brought a text back"),
        "pads.forgotten": _("removed a text for good"),
        "pads.rights_changed": _("changed who may see a text or a folder of texts"),
        "pads.tags_changed": _("changed the tags of the texts"),
        "pads.readers": _("looked at who has read a text"),
    },
    kinds=(
        Kind(
            "pads.text",
            model="pads.Item",
            label=pgettext_lazy("a kind of thing", "Text"),
            icon="notebook-pen",
            visible=f"{RIGHTS}.visible_items",
            url="pads:item",
            search="tilios.tools.pads.search.entry",
            document_access=f"{RIGHTS}.document_access",
            shares={
                "read": ShareMode(
                    pgettext_lazy("use of a link to a text", "Read"),
                    f"{SHARED}.read",
                    "pads.share",
                    f"{RIGHTS}.may_show",
                    _("Whoever has the link reads the text as it is at that moment, and may keep it as a file."),
                ),
                "comment": ShareMode(
                    _("Read and comment"),
                    f"{SHARED}.take_part",
                    "pads.share",
                    f"{RIGHTS}.may_show",
                    _("Under a name they give, they comment on passages and take part in the chat."),
                ),
                "write": ShareMode(
                    _("Read, comment and write"),
                    f"{SHARED}.take_part",
                    "pads.share",
                    f"{RIGHTS}.may_let_write",
                    _("Under a name they give, without an account. All they write is in the history, under that name."),
                ),
            },
        ),
    ),
    creates=(Create(pgettext_lazy("a kind of thing", "Text"), "pads:new", "notebook-pen", "pads.write"),),
    widgets=(
        Widget(
            "pads.recent", _("My latest texts"), "tilios.tools.pads.widgets.recent", "pads/widget.html", "pads.view"
        ),
    ),
    notices=(Notice("pads.shared", _("Somebody lets you into a text or a folder of texts"), ("page", "mail")),),
    periodic=(Periodic("pads.keep_up", "tilios.tools.pads.actions.upkeep.keep_up", every_s=3600),),
    capabilities={
        "embed.card": "tilios.tools.pads.cards.card",
        "document.import": "tilios.tools.pads.capabilities.import_document",
        "text.known": "tilios.tools.pads.capabilities.known",
        "text.paper": "tilios.tools.pads.capabilities.paper",
        "text.choose": "tilios.tools.pads.capabilities.choose",
        "text.begin": "tilios.tools.pads.capabilities.begin",
        "text.discard": "tilios.tools.pads.capabilities.discard",
    },
    shelf="tilios.tools.pads.shelf.SHELF",
    portability="tilios.tools.pads.portability",
    demo="tilios.tools.pads.demo.load",
    help="pads/help.html",
)
