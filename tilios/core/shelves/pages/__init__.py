"""The pages of rights and marks, for the views of a tool, which guard them: each takes the rights of who asks."""

MOST_CHOSEN = 1000


def numbers_in(values: list[str]) -> list[int]:
    """The numbers among what a form or an address gives; a thousand at most."""
    return [int(one) for one in values[:MOST_CHOSEN] if one.isascii() and one.isdigit() and len(one) <= 18]
