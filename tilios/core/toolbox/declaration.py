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
CHANNELS = ("page", "mail", "digest")


@dataclass(frozen=True)
class Action:
    """Something people do in a tool, and the least role it asks for unless the structure says otherwise."""

    name: str  # "polls.create"
    label: Any
    least: Role
    floor: Role = Role.GUEST  # no structure may lower it below this


@dataclass(frozen=True)
class ShareMode:
    """One use of a share link: `view(request, target, step)` answers at /l/<token>/ and /l/<token>/<step>/."""

    label: Any
    view: str
    action: str  # who may make such a link

    def load(self) -> Callable[..., Any]:
        return import_string(self.view)


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

    def load(self) -> Callable[..., Any]:
        return import_string(self.tree)


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
