"""Files: everybody's documents, on every device, never lost."""

from django.utils.translation import gettext_lazy as _

from tilios.core.people.roles import Role
from tilios.core.toolbox.declaration import (
    Action,
    DavMount,
    Kind,
    Notice,
    Periodic,
    ShareMode,
    Tool,
    Uploads,
)

TOOL = Tool(
    slug="files",
    path="fichiers",
    name=_("Files"),
    icon="folder",
    section="share",
    description=_("Everybody's documents, on every device, never lost."),
    urls="tilios.tools.files.urls",
    actions=(
        Action("files.view", _("See the files one is let into"), Role.GUEST),
        Action("files.write", _("Add and change files where one is let"), Role.GUEST),
        Action("files.own", _("Have a space of one's own"), Role.MEMBER),
        Action("files.share", _("Make links to files"), Role.MEMBER),
        Action("files.manage", _("Look after everybody's and groups' files"), Role.MANAGER, floor=Role.MANAGER),
    ),
    verbs={
        "files.folder_made": _("made a folder"),
        "files.added": _("added a file"),
        "files.written": _("wrote a file again"),
        "files.described": _("changed what is said of a file"),
        "files.renamed": _("renamed a file"),
        "files.moved": _("moved a file"),
        "files.copied": _("copied a file"),
        "files.trashed": _("threw a file away"),
        "files.restored": _("brought a file back"),
        "files.forgotten": _("removed a file for good"),
        "files.version_restored": _("went back to an earlier version of a file"),
        "files.version_forgotten": _("removed an earlier version of a file"),
        "files.rights_changed": _("changed who may see a folder"),
        "files.tags_changed": _("changed the tags of the files"),
        "files.brought_in": _("brought files in from elsewhere"),
        "files.bringing_undone": _("undid a bringing-in of files"),
        "files.rules_changed": _("changed the rules of the files"),
    },
    kinds=(
        Kind(
            "files.item",
            model="files.Item",
            label=_("File"),
            icon="file",
            visible="tilios.tools.files.queries.rights.visible_items",
            url="files:item",
            comments=True,
            search="tilios.tools.files.search.entry",
            shares={
                "view": ShareMode(
                    _("See and download"),
                    "tilios.tools.files.views.shared.see",
                    "files.share",
                    "tilios.tools.files.queries.links.may_show",
                    _("Whoever has the link opens the file, or the folder and what is in it, and may keep it all."),
                ),
                "look": ShareMode(
                    _("See in the browser"),
                    "tilios.tools.files.views.shared.see",
                    "files.share",
                    "tilios.tools.files.queries.links.may_show",
                    _("No download button. Somebody determined can still keep what their screen shows."),
                ),
                "edit": ShareMode(
                    _("See, add and change"),
                    "tilios.tools.files.views.shared.edit",
                    "files.share",
                    "tilios.tools.files.queries.links.may_let_write",
                    _(
                        "Under a name they give. What they replace stays as an earlier version; "
                        "they throw away only what came by this link."
                    ),
                ),
                "drop": ShareMode(
                    _("Send files, without seeing anything"),
                    "tilios.tools.files.views.shared_drop.drop",
                    "files.share",
                    "tilios.tools.files.queries.links.may_open_box",
                    _("A letter box: what people send arrives in the folder, and they see nothing of what is there."),
                ),
            },
        ),
    ),
    notices=(
        Notice("files.shared", _("Somebody lets you into a folder"), ("page", "mail")),
        Notice("files.received", _("Files come by a link you made"), ("page", "digest")),
    ),
    periodic=(
        Periodic("files.keep_up", "tilios.tools.files.actions.upkeep.keep_up", every_s=3600),
        Periodic("files.forget_bringings", "tilios.tools.files.actions.bringing.forget_old", every_s=3600),
    ),
    dav=(DavMount("files", "files", "tilios.tools.files.dav.Files", "files.view"),),
    uploads=Uploads("files.write", "tilios.tools.files.uploads.check", "tilios.tools.files.uploads.finish"),
    capabilities={
        "file.known": "tilios.tools.files.capabilities.known",
        "file.choose": "tilios.tools.files.capabilities.choose",
        "file.places": "tilios.tools.files.capabilities.places",
        "file.send": "tilios.tools.files.capabilities.send",
    },
    shelf="tilios.tools.files.shelf.SHELF",
    portability="tilios.tools.files.portability",
    demo="tilios.tools.files.demo.load",
    help="files/help.html",
)
