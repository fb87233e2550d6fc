"""From the form of a contact to what is written of it, and back."""

from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from tilios.kit import vcard
from tilios.tools.agenda.forms import contact_rows as kinds
from tilios.tools.agenda.forms.contacts import ContactForm
from tilios.tools.agenda.models import Card

#: Lines that come several times: their name in the form, in `vcard.Facts`, and the uses that the form knows.
SEVERAL = (
    ("mails", "emails", ("work", "home")),
    ("phones", "phones", ("cell", "fax", "work", "home")),
    ("sites", "urls", ("work", "home")),
    ("socials", "socials", tuple(word for word, _name in kinds.NETWORKS if word)),
    ("messengers", "impps", ()),
    ("related", "related", tuple(word for word, _name in kinds.RELATIONS if word)),
)
PLACE_USES = ("work", "home")


class Rows:
    """The lines of a contact that come several times: mail addresses, telephones, places, links, people around."""

    def __init__(self, data: Any, initial: dict[str, list[dict[str, str]]]) -> None:
        def made(factory: Any, name: str) -> Any:
            is_sent = data is not None and f"{name}-TOTAL_FORMS" in data
            # A form sent by a program that knows fewer lines leaves the others as they are.
            return factory(data if is_sent else None, prefix=name, initial=initial.get(name, []))

        self.mails = made(kinds.MailRows, "mails")
        self.phones = made(kinds.PhoneRows, "phones")
        self.places = made(kinds.PlaceRows, "places")
        self.sites = made(kinds.SiteRows, "sites")
        self.socials = made(kinds.SocialRows, "socials")
        self.messengers = made(kinds.MessengerRows, "messengers")
        self.related = made(kinds.RelatedRows, "related")

    @property
    def parts(self) -> list[tuple[Any, Any]]:
        """The formsets in order, with their titles: those that most contacts have."""
        return [
            (gettext_lazy("Mail addresses"), self.mails),
            (gettext_lazy("Telephones"), self.phones),
            (pgettext_lazy("of a contact", "Addresses"), self.places),
        ]

    @property
    def more(self) -> list[tuple[Any, Any]]:
        """Those that are shown when they are asked for."""
        return [
            (gettext_lazy("Websites"), self.sites),
            (gettext_lazy("Social networks"), self.socials),
            (gettext_lazy("Messages"), self.messengers),
            (gettext_lazy("People around them"), self.related),
        ]

    def says_more(self) -> bool:
        return any(formset.initial or formset.total_error_count() for _title, formset in self.more)

    @property
    def by_field(self) -> dict[str, Any]:
        """The formsets, by what they are in a card."""
        return {field: getattr(self, name) for name, field, _uses in SEVERAL} | {"addresses": self.places}

    def are_valid(self) -> bool:
        sent = [formset for _title, formset in (*self.parts, *self.more) if formset.is_bound]
        checked = [formset.is_valid() for formset in sent]  # each tells its faults
        return all(checked)


def initial_for(card: Card) -> tuple[dict[str, Any], dict[str, list[dict[str, str]]]]:
    """What the form and its lines begin with."""
    facts = vcard.facts(card.data.encode())
    family, given, additional, prefix, suffix = facts.n
    fields = {
        "book": card.book_id,
        "kind": "org" if facts.kind == "org" else "individual",
        "given_name": given or ("" if family or facts.kind == "org" else facts.fn),
        "family_name": family,
        "additional": additional,
        "honorific": prefix,
        "suffix": suffix,
        "organisation": facts.org or (facts.fn if facts.kind == "org" else ""),
        "units": ", ".join(facts.units),
        "job": facts.title,
        "role": facts.role,
        "nickname": facts.nickname,
        "pronouns": facts.pronouns,
        "birthday": _typed(facts.birthday),
        "anniversary": _typed(facts.anniversary),
        "langs": ", ".join(facts.langs),
        "labels": ", ".join(facts.categories),
        "note": facts.note,
        "etag": card.etag,
    }
    rows = {
        name: [{"value": one.value, "use": _use(one, uses)} for one in getattr(facts, field)]
        for name, field, uses in SEVERAL
    }
    return fields, rows | {"places": [_place(one) for one in facts.addresses]}


def _typed(day: vcard.Day | None) -> str:
    if day is None:
        return ""
    year, month, number = day
    return f"{number:02}/{month:02}" + (f"/{year}" if year else "")


def fields_of(form: ContactForm, rows: Rows, known: vcard.Facts | None = None) -> dict[str, Any]:
    """What the form says, by the names of `vcard.Facts`; of a card that is `known`, what the form says otherwise.

    Whatever is not in it stays as it came.
    """
    data = form.cleaned_data
    before = known or vcard.Facts()
    is_org = data["kind"] == "org"
    full = data["organisation"] if is_org else f"{data['given_name']} {data['family_name']}".strip()
    names = (data["family_name"], data["given_name"], data["additional"], data["honorific"], data["suffix"])
    fields: dict[str, Any] = {
        "kind": data["kind"],
        "fn": full or data["organisation"],
        "n": ("", "", "", "", "") if is_org else names,
        "org": data["organisation"],
        "units": tuple(one.strip() for one in data["units"].split(",") if one.strip()),
        "title": data["job"],
        "role": data["role"],
        "nickname": data["nickname"],
        "pronouns": data["pronouns"],
        "birthday": data["birthday"],
        "anniversary": data["anniversary"],
        "langs": data["langs"],
        "photo": data["photo"],
        "categories": tuple(one.strip() for one in data["labels"].split(",") if one.strip()),
        "note": data["note"].replace("\r\n", "\n"),
    }
    for name, field, uses in SEVERAL:
        filled = _filled(getattr(rows, name), "value")
        fields[field] = tuple(_contact(row, getattr(before, field), uses) for row in filled)
    filled = _filled(rows.places, "street", "postcode", "town", "country")
    fields["addresses"] = tuple(_address(row, before.addresses) for row in filled)
    if known is None:
        return fields
    touched = {NAMED_BY.get(name, name) for name in form.changed_data}
    if touched & {"kind", "fn", "org"}:
        touched |= {"fn", "n"}
    touched |= {name for name, formset in rows.by_field.items() if formset.is_bound and formset.has_changed()}
    return {name: value for name, value in fields.items() if name in touched}


#: Fields of the form, by what they are in a card.
NAMED_BY = {
    "given_name": "fn",
    "family_name": "fn",
    "additional": "n",
    "honorific": "n",
    "suffix": "n",
    "organisation": "org",
    "job": "title",
    "labels": "categories",
    "drop_photo": "photo",
}


def _filled(formset: Any, *names: str) -> list[dict[str, str]]:
    """The lines of a formset in which something is written."""
    if not formset.is_bound:
        return []
    return [row for row in (one.cleaned_data for one in formset) if any(row.get(name) for name in names)]


def _use(one: vcard.Contact, uses: tuple[str, ...]) -> str:
    """What the form calls the types of an address: the first that it knows; of a relation, its label says it too."""
    said = (*one.types, one.label.lower())
    return next((use for use in uses if use in said), "")


def _contact(row: dict[str, str], known: tuple[vcard.Contact, ...], uses: tuple[str, ...]) -> vcard.Contact:
    """The line of the form; its label and its other types if the card has it already."""
    use = row.get("use", "")
    found = next((one for one in known if one.value == row["value"]), vcard.Contact(row["value"]))
    if _use(found, uses) == use:
        return found
    label = "" if found.label.lower() in uses else found.label
    return found._replace(types=_types(use, uses, found.types), label=label)


def _types(use: str, uses: tuple[str, ...], before: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The types of an address with the use that the form says; those that the form does not know stay."""
    return (*(one for one in before if one not in uses), *((use,) if use else ()))


def _place(one: vcard.Address) -> dict[str, str]:
    street = ", ".join(part for part in (one.extended, one.street) if part)
    use = next((use for use in PLACE_USES if use in one.types), "")
    return {"street": street, "town": one.locality, "postcode": one.code, "country": one.country, "use": use}


def _address(row: dict[str, str], known: tuple[vcard.Address, ...]) -> vcard.Address:
    """The line of the form; the address of the card that says the same, if there is one."""
    said = {name: row[name] for name in ("street", "town", "postcode", "country")}
    for one in known:
        if {name: value for name, value in _place(one).items() if name != "use"} == said:
            return one._replace(types=_types(row["use"], PLACE_USES, one.types))
    types = _types(row["use"], PLACE_USES)
    return vcard.Address(row["street"], row["town"], "", row["postcode"], row["country"], types=types)
