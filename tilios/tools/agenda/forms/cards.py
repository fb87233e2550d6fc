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

    @property
    def by_field(self) -> dict[str, Any]:
        """The formsets, by what they are in a card."""
        return {"emails": self.mails, "phones": self.phones, "addresses": self.places}

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
        "birthday": (f"{day:02}/{month:02}" + (f"/{year}" if year else "")) if day else "",
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


def fields_of(form: ContactForm, rows: Rows, known: vcard.Facts | None = None) -> dict[str, Any]:
    """What the form says, by the names of `vcard.Facts`; of a card that is `known`, what the form says otherwise.

    Whatever is not in it stays as it came.
    """
    data = form.cleaned_data
    before = known or vcard.Facts()
    is_org = data["kind"] == "org"
    full = data["organisation"] if is_org else f"{data['given_name']} {data['family_name']}".strip()
    fields: dict[str, Any] = {
        "kind": data["kind"],
        "fn": full or data["organisation"],
        "n": ("", "", "", "", "") if is_org else (data["family_name"], data["given_name"], *before.n[2:]),
        "org": data["organisation"],
        "title": data["job"],
        "birthday": data["birthday"],
        "urls": _sites(data["url"], before),
        "categories": tuple(one.strip() for one in data["labels"].split(",") if one.strip()),
        "note": data["note"].replace("\r\n", "\n"),
        "emails": tuple(_contact(row, before.emails) for row in _filled(rows.mails, "value")),
        "phones": tuple(_contact(row, before.phones) for row in _filled(rows.phones, "value")),
        "addresses": tuple(
            _address(row, before.addresses) for row in _filled(rows.places, "street", "postcode", "town", "country")
        ),
    }
    if known is None:
        return fields
    touched = {NAMED_BY.get(name, name) for name in form.changed_data}
    if touched & {"kind", "fn", "org"}:
        touched |= {"fn", "n"}
    touched |= {name for name, formset in rows.by_field.items() if formset.has_changed()}
    return {name: value for name, value in fields.items() if name in touched}


#: Fields of the form, by what they are in a card.
NAMED_BY = {
    "given_name": "fn",
    "family_name": "fn",
    "organisation": "org",
    "job": "title",
    "url": "urls",
    "labels": "categories",
}


def _filled(formset: Any, *names: str) -> list[dict[str, str]]:
    """The lines of a formset in which something is written."""
    return [row for row in (one.cleaned_data for one in formset) if any(row.get(name) for name in names)]


def _types(use: str, before: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The types of an address with the use that the form says; those that the form does not know stay."""
    return (*(one for one in before if one not in USED), *((use,) if use else ()))


USED = ("work", "home", "cell")


def _use(types: tuple[str, ...], *more: str) -> str:
    """What the form calls the types of an address: the first that it knows."""
    return next((one for one in (*more, "work", "home") if one in types), "")


def _contact(row: dict[str, str], known: tuple[vcard.Contact, ...]) -> vcard.Contact:
    """The line of the form; its label and its other types if the card has it already."""
    found = next((one for one in known if one.value == row["value"]), vcard.Contact(row["value"]))
    return found._replace(types=_types(row["use"], found.types))


def _sites(url: str, before: vcard.Facts) -> tuple[vcard.Contact, ...]:
    """The website of the form in the place of the first; other ones stay."""
    return (*((vcard.Contact(url),) if url else ()), *before.urls[1:])


def _place(one: vcard.Address) -> dict[str, str]:
    street = ", ".join(part for part in (one.extended, one.street) if part)
    return {
        "street": street, "town": one.locality, "postcode": one.code, "country": one.country, "use": _use(one.types),
    }  # fmt: skip


def _address(row: dict[str, str], known: tuple[vcard.Address, ...]) -> vcard.Address:
    """The line of the form; the address of the card that says the same, if there is one."""
    said = {name: row[name] for name in ("street", "town", "postcode", "country")}
    for one in known:
        if {name: value for name, value in _place(one).items() if name != "use"} == said:
            return one._replace(types=_types(row["use"], one.types))
    return vcard.Address(row["street"], row["town"], "", row["postcode"], row["country"], types=_types(row["use"]))
