"""What a tool declares about itself: data only, read by the registry at start.

Paths such as "tilios.tools.polls.queries.visible_polls" are imported when first needed and checked by system checks,
so that a declaration never imports models.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.module_loading import import_string

from tilios.core.people.roles import Role

SECTIONS = ("decide", "organise", "share", "people", "place", "publish", "manage")
CHANNELS = ("page", "mail", "digest", "push")


@dataclass(frozen=True)
class Action:
    """Something people do in a tool, and the least role it asks for unless the structure says otherwise."""

    name: str  # "polls.create"
    label: Any
    least: Role
    floor: Role = Role.GUEST  # no structure may lower it below this
    by_name: bool = False  # may also be given to one person by name, whatever their role: a treasurer


@dataclass(frozen=True)
class ShareMode:
    """One use of a share link: `view(request, target, step)` answers at /l/<token>/ and /l/<token>/<step>/."""

    label: Any
    view: str
    action: str  # who may make such a link
    allowed: str = ""  # (person, target) -> bool: whether this very thing may be given so, beside `action`
    hint: Any = ""  # a sentence under the label, where a use of the link is chosen

    def load(self) -> Callable[..., Any]:
        return import_string(self.view)

    def fits(self, person: Any, target: Any) -> bool:
        """Whether `person`, who may do `action`, may give this very thing so."""
        return not self.allowed or import_string(self.allowed)(person, target)


@dataclass(frozen=True)
class Kind:
    """A kind of thing of a tool, to which general things attach: comments, share links, search, journal.

    `visible(person)` gives the rows of `model` that person may see; it is the one answer to "may she see it?".
    """

    name: str  # "polls.poll"
    model: str  # "polls.Poll"
    label: Any
    icon: str
    visible: str
    url: str  # name of the detail page; takes the pk
    comments: bool = False
    comment_action: str = ""  # least right to comment; seeing is asked for as well
    shares: Mapping[str, ShareMode] = field(default_factory=dict)
    search: str = ""  # (object) -> search.Entry or None
    document_access: str = ""  # (documents.Writer, object) -> documents.Access: where the thing has a live text

    def visible_to(self, person: Any) -> Any:
        return import_string(self.visible)(person)


@dataclass(frozen=True)
class Create:
    """An entry of the "+" menu."""

    label: Any
    url: str
    icon: str
    action: str


@dataclass(frozen=True)
class Widget:
    """A card of the dashboard: `load(person)` gives its context, or None to stay away."""

    name: str
    title: Any
    load: str
    template: str
    action: str

    def context(self, person: Any) -> dict[str, Any] | None:
        return import_string(self.load)(person)


@dataclass(frozen=True)
class Notice:
    """A kind of notification, with the channels that are on until a person chooses."""

    name: str  # "polls.opened"
    label: Any
    default: tuple[str, ...] = ("page",)


@dataclass(frozen=True)
class Periodic:
    """Work done every `every_s` seconds for each structure that has the tool: `run()` is called in its scope."""

    name: str
    run: str
    every_s: int


@dataclass(frozen=True)
class DavMount:
    """A place of WebDAV, at /dav/<name>/<structure>/: `tree` is a core.dav.tree.Tree, made for the person who asks."""

    name: str  # "files"
    scope: str  # of the app passwords that open it
    tree: str
    action: str  # who may come in
    home: str = ""  # the property of a person under which programs find it: "{…:caldav}calendar-home-set"

    def load(self) -> Callable[..., Any]:
        return import_string(self.tree)


@dataclass(frozen=True)
class Uploads:
    """A tool that takes files sent in several goes (core/uploads). Both functions raise the named errors.

    `check(person, target, name, size)` is asked before any byte is accepted: rights, quota, names. `finish(person,
    upload, blob)` has the tool take the file, in the transaction that ends the upload: once. It gives {"url", "kind",
    "pk"} of what it made; Conflict has the sender choose, and `finish` called again with `upload.choice`. `person` is
    None for a guest of a share link, whose target the tool's own share view has said.
    """

    action: str  # who may send; what is asked of the place itself is for `check`
    check: str
    finish: str

    def load_check(self) -> Callable[..., None]:
        return import_string(self.check)

    def load_finish(self) -> Callable[..., dict[str, Any]]:
        return import_string(self.finish)


@dataclass(frozen=True)
class Mail:
    """Letters that come in for the tool, at addresses that begin with `name` (core/mailroom).

    Both functions are called in the scope of the structure, `take` in a transaction. `knows(key)`: whether letters to
    this key are taken. `take(letter, key)`: whether it took the letter; `key` is "" for one that came to the box of the
    structure and names nobody. It raises the named errors for a letter that is for it and cannot be taken: the mail
    server of the sender says why.
    """

    name: str  # "agenda"
    knows: str
    take: str


@dataclass(frozen=True)
class Tool:
    """One tool. See docs/new-tool.md for the smallest one."""

    slug: str
    path: str
    name: Any
    icon: str
    section: str
    description: Any
    urls: str
    actions: tuple[Action, ...]
    entry: str = "home"  # name of its first page, in its own URL namespace
    verbs: Mapping[str, Any] = field(default_factory=dict)
    kinds: tuple[Kind, ...] = ()
    creates: tuple[Create, ...] = ()
    widgets: tuple[Widget, ...] = ()
    notices: tuple[Notice, ...] = ()
    periodic: tuple[Periodic, ...] = ()
    dav: tuple[DavMount, ...] = ()
    uploads: Uploads | None = None
    mail: Mail | None = None
    shelf: str = ""  # its core.shelves.shelf.Shelf, where people put things away
    capabilities: Mapping[str, str] = field(default_factory=dict)  # what it answers for others: name -> function
    portability: str = ""  # module that says what archives and erasure need: docs/archive-format.md
    demo: str = ""
    help: str = ""  # template of its help page
    default_on: bool = True
    house: bool = False  # surrounds the tools: always on, in no menu of tools

    @cached_property
    def entry_url(self) -> str:
        return f"{self.slug}:{self.entry}"

    def action(self, name: str) -> Action | None:
        return next((action for action in self.actions if action.name == name), None)
