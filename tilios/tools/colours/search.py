"""What can be found of a session: its words, never its answers."""

from tilios.core.access.models import ActionRule
from tilios.core.people.roles import Role
from tilios.core.search.entries import Entry
from tilios.core.toolbox import registry
from tilios.tools.colours.models import Electorate, Session
from tilios.ui import prose


def entry(session: Session) -> Entry | None:
    """Title, introduction and statements; found by those the session asks, its author and who runs every session."""
    if session.deleted_at:
        return None
    statements = [f"{one.text} {one.explanation}" for one in session.statements.all()]
    return Entry(
        title=session.title, text="\n".join([prose.plain(session.introduction), *statements]), keys=_keys(session)
    )


def _keys(session: Session) -> frozenset[str]:
    rule = ActionRule.objects.filter(action="colours.manage").first()
    keys = {f"role:{int(rule.least if rule else registry.action('colours.manage').least)}"}
    if session.author_id:
        keys.add(f"person:{session.author_id}")
    match session.electorate:
        case Electorate.MEMBERS:
            keys.add(f"role:{int(Role(session.least_role))}")
        case Electorate.GROUP if session.group_id:
            keys.add(f"group:{session.group_id}")
        case Electorate.LIST:
            keys.update(f"person:{pk}" for pk in session.entitled.values_list("person", flat=True))
    return frozenset(keys)
