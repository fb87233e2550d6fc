"""Letters whose text is a live text of the structure: read as whoever makes them sees it, and brought to what paper
can print. The tool that keeps texts answers (core/toolbox/attachable.py); without it, a letter is written in its form.
"""

import re
from collections.abc import Sequence

import nh3
from django.utils.translation import gettext as _

from tilios.core.access.holders import holders
from tilios.core.access.links import absolute, link
from tilios.core.access.roles import effective_role, least_roles
from tilios.core.errors import Conflict, Invalid
from tilios.core.people.models import Person
from tilios.core.people.roles import Role
from tilios.core.toolbox import registry
from tilios.core.toolbox.attachable import Text, known
from tilios.tools.members.models import LetterTemplate

TAGS = {
    "p", "br", "strong", "em", "u", "s", "sup", "sub", "code", "pre", "ul", "ol", "li", "h2", "h3", "h4", "h5", "h6",
    "blockquote", "hr", "table", "tbody", "tr", "th", "td",
}  # fmt: skip
#: Left out with what they hold: what paper cannot show, and what is only suggested.
DROPPED = {"script", "style", "figure", "math", "svg", "ins"}
ALIGNED = {"p", "h2", "h3", "h4", "h5", "h6", "th", "td"}
NOTE_BACK = re.compile(r'<a class="note-back"[^>]*>[^<]*</a>')


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


def text_of(letter: LetterTemplate, by: Person) -> Text:
    """The text as `by` sees it now. Raises Conflict where they do not, or it is gone."""
    found = seen(address_of(letter), by)
    if found is None:
        raise Conflict(_("The live text of this letter is not there any more, or is closed to you."))
    return found


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


def printable(html: str) -> str:
    """What paper can show of a text that was drawn: headings, paragraphs, lists, tables, marks, quotes, rules.

    Words in it may be found and filled: no attribute holds a brace.
    """
    # SECURITY: only these tags come out, with attributes of a closed list of values.
    clean = nh3.clean(
        NOTE_BACK.sub("", html),
        tags=TAGS,
        clean_content_tags=DROPPED,
        attributes={"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}},
        tag_attribute_values={tag: {"data-align": {"center", "right", "justify"}} for tag in ALIGNED},
        allowed_classes={"hr": {"page-break"}},
    )
    return clean.replace("&nbsp;", "\u00a0")
