"""From the form of a contact to what is written of it, and back."""

from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from tilios.kit import vcard
from tilios.tools.agenda.forms.contacts import ContactForm, MailRows, PhoneRows, PlaceRows
from tilios.tools.agenda.models import Card


class Rows:
    """The lines of a contact that come several times: mail addresses, telephones, places."""

    def __init__(self, data: Any, initial: dict[str, list[dict[str, str]]]) -> None:
        self.mails = MailRows(data, prefix="mails", initial=initial.get("mails", []))
        self.phones = PhoneRows(data, prefix="phones", initial=initial.get("phones", []))
        self.places = PlaceRows(data, prefix="places", initial=initial.get("places", []))

    @property
    def parts(self) -> list[tuple[Any, Any]]:
        """The formsets in order, with their titles."""
        return [
            (gettext_lazy("Mail addresses"), self.mails),
            (gettext_lazy("Telephones"), self.phones),
            (pgettext_lazy("of a contact", "Addresses"), self.places),
        ]

    def are_valid(self) -> bool:
        checked = [formset.is_valid() for _title, formset in self.parts]  # each tells its faults
        return all(checked)


def initial_for(card: Card) -> tuple[dict[str, Any], dict[str, list[dict[str, str]]]]:
    """What the form and its lines begin with."""
    facts = vcard.facts(card.data.encode())
    family, given = (*facts.n, "", "")[:2]
    year, month, day = facts.birthday or (None, 0, 0)
    fields = {
        "book": card.book_id,
        "kind": "org" if facts.kind == "org" else "individual",
        "given_name": given or ("" if family or facts.kind == "org" else facts.fn),
        "family_name": family,
        "organisation": facts.org or (facts.fn if facts.kind == "org" else ""),
        "job": facts.title,
        "birthday": f"{day:02}/{month:02}/{year}" if year else "",
        "url": facts.urls[0].value if facts.urls else "",
        "labels": ", ".join(facts.categories),
        "note": facts.note,
        "etag": card.etag,
    }
    rows = {
        "mails": [{"value": one.value, "use": _use(one.types)} for one in facts.emails],
        "phones": [{"value": one.value, "use": _use(one.types, "cell")} for one in facts.phones],
        "places": [_place(one) for one in facts.addresses],
    }
    return fields, rows


def fields_of(form: ContactForm, rows: Rows, *, only_changed: bool = False) -> dict[str, Any]:
    """What the form says, by the names of `vcard.Facts`; with `only_changed`, what it says otherwise than the card.

    Whatever is not in it stays as it came.
    """
    data = form.cleaned_data
    names = {"kind", "given_name", "family_name", "organisation"}
    is_org = data["kind"] == "org"
    full = data["organisation"] if is_org else f"{data['given_name']} {data['family_name']}".strip()
    fields = {
        "kind": data["kind"],
        "fn": full or data["organisation"],
        "n": ("", "", "", "", "") if is_org else (data["family_name"], data["given_name"], "", "", ""),
        "org": data["organisation"],
        "title": data["job"],
        "birthday": data["birthday"],
        "urls": [(data["url"], ())] if data["url"] else [],
        "categories": tuple(one.strip() for one in data["labels"].split(",") if one.strip()),
        "note": data["note"].replace("\r\n", "\n"),
        "emails": [(row["value"], _types(row)) for row in _filled(rows.mails, "value")],
        "phones": [(row["value"], _types(row)) for row in _filled(rows.phones, "value")],
        "addresses": [_address(row) for row in _filled(rows.places, "street", "postcode", "town", "country")],
    }
    if not only_changed:
        return fields
    changed = set(form.changed_data)
    touched = {
        "kind": "kind" in changed, "fn": bool(changed & names), "n": bool(changed & names),
        "org": "organisation" in changed, "title": "job" in changed, "birthday": "birthday" in changed,
        "urls": "url" in changed, "categories": "labels" in changed, "note": "note" in changed,
        "emails": rows.mails.has_changed(), "phones": rows.phones.has_changed(),
        "addresses": rows.places.has_changed(),
    }  # fmt: skip
    return {name: value for name, value in fields.items() if touched[name]}


def _filled(formset: Any, *names: str) -> list[dict[str, str]]:
    """The lines of a formset in which something is written."""
    return [row for row in (one.cleaned_data for one in formset) if any(row.get(name) for name in names)]


def _types(row: dict[str, str]) -> tuple[str, ...]:
    return (row["use"],) if row.get("use") else ()


def _use(types: Any, *more: str) -> str:
    """What the form calls the types of an address: the first that it knows."""
    return next((one for one in (*more, "work", "home") if one in types), "")


def _place(one: Any) -> dict[str, str]:
    """A line of the form from the seven parts of ADR (RFC 6350, 6.3.1)."""
    parts = [*one.value, *[""] * 7][:7]
    street = ", ".join(part for part in parts[:3] if part)
    return {"street": street, "town": parts[3], "postcode": parts[5], "country": parts[6], "use": _use(one.types)}


def _address(row: dict[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return ("", "", row["street"], row["town"], "", row["postcode"], row["country"]), _types(row)
