"""What can be found of a poll: its words, never its votes."""

from tilios.core.access.models import ActionRule
from tilios.core.people.roles import Role
from tilios.core.search.entries import Entry
from tilios.core.toolbox import registry
from tilios.tools.polls.models import Electorate, Poll
from tilios.ui import prose


def entry(poll: Poll) -> Entry | None:
    """Title, description, options and outcome; found by those the poll asks, its author and who runs every poll."""
    if poll.deleted_at:
        return None
    options = [option.label for option in poll.options.all() if option.label]
    text = "\n".join([prose.plain(poll.description), *options, poll.outcome if poll.closed_at else ""])
    return Entry(title=poll.title, text=text, keys=_keys(poll))


def _keys(poll: Poll) -> frozenset[str]:
    rule = ActionRule.objects.filter(action="polls.manage").first()
    keys = {f"role:{int(rule.least if rule else registry.action('polls.manage').least)}"}
    if poll.author_id:
        keys.add(f"person:{poll.author_id}")
    if poll.formal:
        keys.update(f"person:{pk}" for pk in poll.roll.exclude(person=None).values_list("person", flat=True))
        return frozenset(keys)
    match poll.electorate:
        case Electorate.MEMBERS:
            keys.add(f"role:{int(Role(poll.least_role))}")
        case Electorate.GROUP if poll.group_id:
            keys.add(f"group:{poll.group_id}")
        case Electorate.LIST:
            keys.update(f"person:{pk}" for pk in poll.entitled.values_list("person", flat=True))
    return frozenset(keys)
