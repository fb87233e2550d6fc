"""Answers of the protocol that stop a request."""

from collections.abc import Sequence


class Refusal(Exception):
    """`status` of HTTP; `condition` is an element of RFC 4918, part 16 ("lock-token-submitted"), with `hrefs`, or one
    of another `space`; `reason` is for whoever reads the answer.
    """

    def __init__(
        self,
        status: int,
        condition: str = "",
        *,
        space: str = "{DAV:}",
        hrefs: Sequence[str] = (),
        headers: dict[str, str] | None = None,
        reason: str = "",
    ) -> None:
        super().__init__(f"{status} {condition}".strip())
        self.status, self.condition, self.space, self.hrefs = status, condition, space, tuple(hrefs)
        self.headers, self.reason = headers or {}, reason


class Exists(Refusal):
    """Something stands there and may not be overwritten (412)."""

    def __init__(self) -> None:
        super().__init__(412)
