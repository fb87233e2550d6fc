"""`{% link "polls:detail" poll.pk %}`, `{% if_may "polls.create" %}…{% else %}…{% endif_may %}`."""

from typing import Any

from django import template
from django.template.base import NodeList, Parser, Token

from tilios.core.access import links, roles

register = template.Library()


@register.simple_tag
def link(name: str, *args: Any, **kwargs: Any) -> str:
    return links.link(name, *args, **kwargs)


class IfMay(template.Node):
    def __init__(self, action: Any, yes: NodeList, no: NodeList) -> None:
        self.action, self.yes, self.no = action, yes, no

    def render(self, context: template.Context) -> str:
        person = getattr(context.get("request"), "person", None)
        allowed = roles.may(person, self.action.resolve(context))
        return (self.yes if allowed else self.no).render(context)


@register.tag
def if_may(parser: Parser, token: Token) -> IfMay:
    action = parser.compile_filter(token.split_contents()[1])
    yes = parser.parse(("else", "endif_may"))
    no = NodeList()
    if parser.next_token().contents == "else":
        no = parser.parse(("endif_may",))
        parser.delete_first_token()
    return IfMay(action, yes, no)
