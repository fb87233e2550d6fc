"""The headers that make a request depend on what is there: If-Match and friends (RFC 9110), If (RFC 4918, 10.4)."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from django.http import HttpRequest

from tilios.core.dav.errors import Refusal
from tilios.core.dav.tree import Node

PART = re.compile(r"\s*(?:(<[^>]*>)|(\()|(\))|(\[[^\]]*\])|(Not\b))", re.IGNORECASE)
MOST_PARTS = 500


@dataclass(frozen=True)
class Term:
    """One condition of a list: a lock token or an entity tag, wanted or not."""

    value: str
    is_etag: bool
    negated: bool


@dataclass
class IfHeader:
    """Lists by the resource they are about; "" is the one the request names."""

    lists: list[tuple[str, list[Term]]] = field(default_factory=list)

    @property
    def tokens(self) -> frozenset[str]:
        """Every lock token submitted, wherever it stands (RFC 4918, 10.4.1)."""
        return frozenset(term.value for _resource, terms in self.lists for term in terms if not term.is_etag)

    def holds(self, state: Callable[[str], tuple[str | None, Collection[str]]]) -> bool:
        """`state(resource)` gives its entity tag (None where nothing is) and the tokens of the locks it is under."""
        if not self.lists:
            return True
        return any(_true(terms, *state(resource)) for resource, terms in self.lists)


def _true(terms: list[Term], etag: str | None, tokens: Collection[str]) -> bool:
    return all(((term.value == etag) if term.is_etag else (term.value in tokens)) != term.negated for term in terms)


def if_header(request: HttpRequest) -> IfHeader:
    """Raises Refusal(400) for what the grammar does not know."""
    text = request.headers.get("If", "").strip()
    header = IfHeader()
    if not text:
        return header
    resource = ""
    parts = _parts(text)
    for kind, value in parts:
        if kind == "token":
            resource = value
        elif kind == "(":
            header.lists.append((resource, _terms(parts)))
        else:
            raise Refusal(400)
    if not header.lists:
        raise Refusal(400)
    return header


def _terms(parts: Iterator[tuple[str, str]]) -> list[Term]:
    terms: list[Term] = []
    negated = False
    for kind, value in parts:
        if kind == "not":
            negated = True
        elif kind == ")":
            if not terms or negated:
                raise Refusal(400)
            return terms
        elif kind in {"token", "etag"}:
            terms.append(Term(value, kind == "etag", negated))
            negated = False
        else:
            raise Refusal(400)
    raise Refusal(400)


def _parts(text: str) -> Iterator[tuple[str, str]]:
    place = number = 0
    while place < len(text):
        found = PART.match(text, place)
        number += 1
        if found is None or number > MOST_PARTS:
            raise Refusal(400)
        place = found.end()
        token, opening, closing, etag, _not = found.groups()
        if token is not None:
            yield "token", token[1:-1]
        elif opening:
            yield "(", ""
        elif closing:
            yield ")", ""
        elif etag is not None:
            yield "etag", bare(etag[1:-1])
        else:
            yield "not", ""


# Entity tags --------------------------------------------------------------------------------------------------------


def bare(etag: str) -> str:
    """An entity tag without its quotes; a weak one stays apart, as it never matches strongly."""
    etag = etag.strip()
    return etag[1:-1] if len(etag) > 1 and etag[0] == etag[-1] == '"' else etag


def check_etags(request: HttpRequest, node: Node | None) -> None:
    """If-Match and If-None-Match of a request that writes (RFC 9110, 13.1). Raises Refusal(412)."""
    wanted = request.headers.get("If-Match")
    if wanted is not None and not _matches(wanted, node):
        raise Refusal(412)
    unwanted = request.headers.get("If-None-Match")
    if unwanted is not None and _matches(unwanted, node):
        raise Refusal(412)


def _matches(header: str, node: Node | None) -> bool:
    if node is None:
        return False
    return header.strip() == "*" or node.etag in (bare(one) for one in header.split(","))
