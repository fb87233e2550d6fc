"""{% load colours %}: the address of one statement, from the address a page was given for any."""

from django import template

register = template.Library()


@register.filter
def numbered(address: str, number: int) -> str:
    """The address that ends in 0, with `number` in its place: "…/repondre/0/" for statement 12 is "…/repondre/12/"."""
    return f"{address.removesuffix('0/')}{number}/"
