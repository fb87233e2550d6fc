"""Letters whose text is a live text of the structure: read as whoever makes them sees it, and brought to what paper
can print. The tool that keeps texts answers (core/toolbox/attachable.py); without it, a letter is written in its form.
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import replace

import nh3
from django.utils.translation import gettext as _

from tilios.core.access.holders import holders
from tilios.core.access.links import absolute, link
from tilios.core.access.roles import effective_role, least_roles
from tilios.core.errors import Conflict, Invalid
from tilios.core.people.models import Person
from tilios.core.people.roles import Role
from tilios.core.toolbox import registry
from tilios.core.toolbox.attachable import Paper, Text, known
from tilios.tools.members.models import LetterTemplate

TAGS = {
    "p", "br", "strong", "em", "u", "s", "sup", "sub", "code", "pre", "ul", "ol", "li", "h2", "h3", "h4", "h5", "h6",
    "blockquote", "hr", "table", "thead", "tbody", "tr", "th", "td", "mark", "figure", "figcaption", "img", "aside",
    "div", "span",
}  # fmt: skip
DROPPED = {"script", "style", "math", "svg"}  # with what they hold
ALIGNED = {"p", "h2", "h3", "h4", "h5", "h6", "th", "td"}
TONES = {"info", "success", "warning", "danger"}
CLASSES = {
    "hr": {"page-break"},
    "p": {"tone", "attached", "embed"},
    "ul": {"tasks"},
    "aside": {"callout", *(f"callout--{tone}" for tone in TONES)},
    "span": {"note", "task-box"},
    "div": {"math-block"},
}
VALUES = {tag: {"data-align": {"center", "right", "justify"}} for tag in ALIGNED}
VALUES["mark"] = {"data-colour": {"yellow", "green", "blue", "pink"}}
ATTRIBUTES = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "img": {"src", "alt", "style"}}
PICTURE = re.compile(r"tilios-picture:(\d+|formula-\d+)")
SIZES = re.compile(r"(?:(?:width|max-width|vertical-align): ?-?[\d.]+(?:px|em|%);? ?)+")
#: Words are looked for between tags: no attribute may hold what ends one, or a brace.
SIGNS = str.maketrans("<>{}", "‹›()")


def is_on_offer() -> bool:
    """Whether the structure keeps live texts."""
    return registry.capability("text.choose") is not None


def is_written_there(letter: LetterTemplate) -> bool:
    return bool(letter.text_kind)


def address_of(letter: LetterTemplate | None) -> str:
    """The address of the text of the letter; "" where it has none, or none that can be named any more."""
    kind = registry.kind(letter.text_kind) if letter is not None and letter.text_kind else None
    if letter is None or kind is None or not letter.text_target or letter.text_target < 0:
        return ""  # negative: of an archive that did not hold it
    return absolute(link(kind.url, letter.text_target))


def seen(address: str, by: Person) -> Text | None:
    """The text at this address, or None for one that `by` does not see."""
    # SECURITY: an address of a form may be any; a letter is made of what whoever makes it may read.
    found: Text | None = known("text.known", by, [address]).get(address) if address else None
    return found


def chosen(address: str, by: Person) -> Text:
    """The text that was chosen in a form. Raises Invalid("text")."""
    found = seen(address, by)
    if found is None:
        raise Invalid("text", _("Choose a text that is there, and that you may read."))
    return found


def choices(by: Person, words: str = "") -> list[tuple[str, str]]:
    """(address, name) of the latest texts that `by` sees, or of those that `words` name."""
    choose = registry.capability("text.choose")
    return choose(by, words=words) if choose is not None else []


def keepers(by: Person) -> Sequence[tuple[Role | Person, bool]]:
    """Those who keep the register, by their role or by name: they write in the texts of letters."""
    action = registry.action("members.register")
    least = Role(max(least_roles(by).get(action.name, action.least), action.floor))
    named = [person for person in holders(action.name) if effective_role(person) < least]
    return [(least, True), *((person, True) for person in named)]


def paper_of(letter: LetterTemplate, by: Person) -> Paper:
    """What is printed of the text, as `by` sees it now, clean. Raises Conflict where they do not see it, or it is gone
    or too long.
    """
    found = paper_at(address_of(letter), by)
    if found is None:
        raise Conflict(_("The live text of this letter is not there any more, or is closed to you."))
    return found


def paper_at(address: str, by: Person) -> Paper | None:
    """What is printed of the text at this address, clean; None for one that `by` does not see. Raises Conflict."""
    draw = registry.capability("text.paper")
    found: Paper | None = draw(by, address) if draw is not None and address else None
    return replace(found, html=printable(found.html)) if found is not None else None


def printable(html: str) -> str:
    """A text drawn for paper whose words may be found and filled: no attribute holds a brace, nor the end of a tag."""
    # SECURITY: only these tags come out, with attributes of a closed list of values; a picture is one of those given.
    clean = nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags=DROPPED,
        attributes=ATTRIBUTES,
        tag_attribute_values=VALUES,
        allowed_classes=CLASSES,
        url_schemes={"tilios-picture"},
        attribute_filter=_attribute,
    )
    return clean.replace("&nbsp;", "\u00a0")


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "src":
        return value if PICTURE.fullmatch(value) else None
    if name == "style":
        return value if SIZES.fullmatch(value) else None
    return value.translate(SIGNS)


def on_screen(paper: Paper) -> str:
    """The HTML of `paper` with addresses that a browser opens: of the text's own pictures, and formulas in the page."""

    def address(found: re.Match[str]) -> str:
        name = found[1]
        if name in paper.paths:
            return paper.paths[name]
        data, media_type = paper.pictures.get(name, (b"", "image/svg+xml"))
        return f"data:{media_type};base64,{base64.b64encode(data).decode()}"

    return PICTURE.sub(address, paper.html)
