"""Address books (RFC 6352)."""

from collections.abc import Iterator
from itertools import islice
from xml.etree.ElementTree import Element

from tilios.core.dav.answers import escaped
from tilios.core.dav.objects import card_filters, filters
from tilios.core.dav.objects.spaces import CARDDAV, bare
from tilios.core.dav.objects.tree import LARGEST_OBJECT, Objects
from tilios.core.dav.tree import Node, Value
from tilios.kit import vcard

ADDRESS_BOOK = f'<A:addressbook xmlns:A="{bare(CARDDAV)}"/>'
FORMATS = "".join(
    f'<A:address-data-type xmlns:A="{bare(CARDDAV)}" content-type="text/vcard" version="{version}"/>'
    for version in ("3.0", "4.0")
)
COLLATIONS = "".join(
    f'<A:supported-collation xmlns:A="{bare(CARDDAV)}">{one}</A:supported-collation>'
    for one in sorted(filters.COLLATIONS)
)


class Books(Objects):
    """The address books of one structure as one person sees them."""

    space, data_name, media_type = CARDDAV, "address-data", "text/vcard; charset=utf-8"
    element, multiget, query = "addressbook", "addressbook-multiget", "addressbook-query"
    features = ("addressbook", "extended-mkcol")
    kinds_of_reports = tuple((bare(CARDDAV), name) for name in ("addressbook-query", "addressbook-multiget"))
    kept_names = (f"{CARDDAV}addressbook-description",)

    def _values(self) -> dict[str, Value]:
        def of_collections(xml: str) -> Value:
            return lambda node: xml if node.is_collection and node.pk else None

        return {
            **super()._values(),
            f"{CARDDAV}supported-address-data": of_collections(FORMATS),
            f"{CARDDAV}supported-collation-set": of_collections(COLLATIONS),
            f"{CARDDAV}max-resource-size": of_collections(str(LARGEST_OBJECT)),
        }

    def _data_value(self, wanted: Element) -> Value:
        """address-data, in the version asked for; whole, or with the properties named alone."""
        names = [(one.get("name") or "").upper() for one in wanted.findall(f"{CARDDAV}prop")]
        version = wanted.get("version")

        def value(node: Node) -> str | None:
            if node.is_collection:
                return None
            data = self.data(node)
            if version in {"3.0", "4.0"}:
                data = vcard.as_version(data, version)
            return escaped((vcard.pruned(data, names) if names else data).decode())

        return value

    def answering(self, node: Node, document: Element) -> Iterator[Node]:
        asked = card_filters.card_filter(document.find(f"{CARDDAV}filter"))
        limit = _limit(document.findtext(f"{CARDDAV}limit/{CARDDAV}nresults"))
        self.reads_data = True
        found = (card for card in self.fetch(node) if vcard.matches(self.data(card), asked))
        return islice(found, limit)


def _limit(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 7 else None
