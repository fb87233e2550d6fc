"""What a column of a file of members may hold, how its cells are read, and which headers it goes by."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from tilios.core.people.imports.fields import FIELDS as PERSON
from tilios.kit import mapping
from tilios.kit.dates import parse_datetime
from tilios.kit.money import parse_cents
from tilios.kit.refusals import Refusal
from tilios.kit.text import fold
from tilios.tools.members.models import Field, FieldKind, Record

YES = {"1", "oui", "o", "yes", "y", "vrai", "true", "t", "x", "on", "valide", "paye", "payee", "regle", "ok"}
NO = {"0", "non", "n", "no", "faux", "false", "f", "off", "en attente", "impaye", "a payer", "attendu"}
VOID = {"annule", "annulee", "rembourse", "remboursee", "refuse", "refusee", "conteste"}
#: What programs write for a day that nobody has told.
NO_DAY = {"0000-00-00", "0000-00-00 00:00:00", "1901-01-01", "01/01/1901"}
LANGUAGES = {"francais": "fr", "french": "fr", "anglais": "en", "english": "en"}
Reader = Callable[[str], str]


def _text(cell: str) -> str:
    return " ".join(cell.split())


def day(cell: str) -> str:
    """The day of a cell, "" where it says that there is none. Raises Refusal."""
    return "" if cell.strip() in NO_DAY else parse_datetime(cell.strip()).date().isoformat()


def yes_no(cell: str) -> str:
    """ "1" or "0". Raises Refusal."""
    said = fold(cell).strip(" .")
    if said in YES or said in NO:
        return "1" if said in YES else "0"
    raise Refusal("yes_no", gettext_noop("“%(text)s” is neither yes nor no."), text=cell.strip()[:40])


def paid(cell: str) -> str:
    """ "1" for dues that are paid, "0" for those that are not, "void" for those given back."""
    return "void" if fold(cell).strip(" .") in VOID else yes_no(cell)


def cents(cell: str) -> str:
    """The cents of an amount that is not negative. Raises Refusal."""
    found = parse_cents(re.sub(r"(?<=\.\d\d)0+$", "", cell.strip()))
    if found < 0:
        raise Refusal("amount_negative", gettext_noop("An amount cannot be negative."))
    return str(found)


def number(cell: str) -> str:
    """A number as programs write it. Raises Refusal."""
    try:
        found = Decimal(re.sub(r"[\s\u00a0\u202f]", "", cell).replace(",", "."))
        if not found.is_finite() or abs(found) >= 10**13:
            raise InvalidOperation
    except InvalidOperation:
        raise Refusal("number", gettext_noop("“%(text)s” is not a number."), text=cell.strip()[:40]) from None
    return str(found.quantize(Decimal("0.0001")).normalize().to_eng_string())


def _count(cell: str) -> str:
    found = Decimal(number(cell))
    if found != int(found) or not 0 <= found < 10**9:
        raise Refusal("number", gettext_noop("“%(text)s” is not a number."), text=cell.strip()[:40])
    return str(int(found))


def _language(cell: str) -> str:
    said = fold(cell).strip()
    return LANGUAGES.get(said, re.split(r"[_\-.]", said)[0])[:8]


def _website(cell: str) -> str:
    address = cell.strip()
    address = address if "://" in address else f"https://{address}"
    try:
        URLValidator(schemes=["http", "https"])(address)
    except ValidationError:
        raise Refusal("url", gettext_noop("“%(text)s” is not an address of a website."), text=address[:60]) from None
    return address


@dataclass(frozen=True)
class Column:
    """Something that a column may be given to. `part`: "person", "register", "dues", "own" or "new"."""

    name: str
    label: Any
    part: str
    read: Reader = _text
    longest: int = 0

    def value(self, cell: str) -> str:
        """The value of a cell that is not empty, as the import keeps it; "" when it says nothing. Raises Refusal."""
        if self.part == "person":
            return "" if cell.strip() in NO_DAY else PERSON[self.name].value(cell)
        value = self.read(cell)
        longest = self.longest or (getattr(Record._meta.get_field(self.name), "max_length", 0) if self.plain else 0)
        if longest and len(value) > longest:
            raise Refusal("too_long", gettext_noop("More than %(limit)s characters."), limit=longest)
        return value

    @property
    def plain(self) -> bool:
        """Whether it is written in the record as it stands."""
        return self.part == "register" and self.name in RECORD


#: Fields of a record that an import writes as they stand.
RECORD = frozenset(
    {
        "number", "chosen_name", "title", "profession", "language", "website", "birth_place", "siret", "head_count",
        "public_note", "joined_on", "left_on", "leaving_reason", "is_exempt", "in_directory", "in_public_list",
        "photos_allowed", "newsletter",
    }
)  # fmt: skip
DAYS = frozenset({"joined_on", "left_on"})
CHECKS = frozenset({"is_exempt", "in_directory", "in_public_list", "photos_allowed", "newsletter"})

_PERSON = [Column(name, field.label, "person") for name, field in PERSON.items() if name != "groups"]
_REGISTER = [
    Column("member_id", _("Identifier in the other program"), "register", longest=60),
    Column("number", _("Number of member"), "register"),
    Column("status", _("Status"), "register", longest=80),
    Column("is_organisation", _("Is an organisation"), "register", yes_no),
    Column("title", _("Form of address"), "register"),
    Column("chosen_name", _("Chosen name"), "register"),
    Column("profession", _("Profession"), "register"),
    Column("language", _("Language of letters"), "register", _language),
    Column("website", _("Website"), "register", _website),
    Column("birth_place", _("Place of birth"), "register"),
    Column("siret", _("SIRET or RNA number"), "register"),
    Column("head_count", _("Number of people"), "register", _count),
    Column("public_note", _("Note that they read"), "register", str.strip),
    Column("joined_on", _("Member since"), "register", day),
    Column("left_on", _("Left on"), "register", day),
    Column("leaving_reason", _("Reason for leaving"), "register"),
    Column("is_active", _("Still a member"), "register", yes_no),
    Column("is_exempt", _("Owes no membership dues"), "register", yes_no),
    Column("in_directory", _("Shown to the other members"), "register", yes_no),
    Column("in_public_list", _("Shown in the public list"), "register", yes_no),
    Column("photos_allowed", _("May be seen on photographs"), "register", yes_no),
    Column("newsletter", _("Receives the newsletter"), "register", yes_no),
    Column("groups", PERSON["groups"].label, "register", str.strip),
    Column("managed_groups", _("Groups that they manage"), "register", str.strip),
    Column("family", _("Family"), "register", longest=120),
    Column("payer_id", _("Who pays: identifier in the other program"), "register", longest=60),
]
_DUES = [
    Column("dues_id", _("Dues: identifier"), "dues", longest=60),
    Column("dues_kind", _("Dues: kind"), "dues", longest=120),
    Column("dues_rate", _("Dues: rate"), "dues", longest=120),
    Column("dues_cents", _("Dues: amount"), "dues", cents),
    Column("dues_first", _("Dues: first day"), "dues", day),
    Column("dues_last", _("Dues: last day"), "dues", day),
    Column("dues_paid_on", _("Dues: day of the payment"), "dues", day),
    Column("dues_paid", _("Dues: paid or not"), "dues", paid),
    Column("dues_received", _("Dues: amount already received"), "dues", cents),
    Column("dues_note", _("Dues: note"), "dues", longest=200),
]
COLUMNS = {column.name: column for column in (*_PERSON, *_REGISTER, *_DUES)}

NEW = {
    f"new:{kind}": label
    for kind, label in (
        (FieldKind.TEXT, pgettext_lazy("new field", "text")),
        (FieldKind.LONG_TEXT, pgettext_lazy("new field", "text of several lines")),
        (FieldKind.NUMBER, pgettext_lazy("new field", "number")),
        (FieldKind.DATE, pgettext_lazy("new field", "date")),
        (FieldKind.YES_NO, pgettext_lazy("new field", "yes or no")),
        (FieldKind.CHOICE, pgettext_lazy("new field", "one of a list")),
        (FieldKind.CHOICES, pgettext_lazy("new field", "several of a list")),
    )
}
#: Kinds of fields that a sheet cannot fill.
UNFILLABLE = (FieldKind.FILE, FieldKind.FORMULA)


def choices_of(cell: str) -> list[str]:
    """The things chosen in one cell."""
    return list(dict.fromkeys(_text(one)[:120] for one in re.split(r"[|;\n]", cell) if one.strip()))


def _of_field(kind: str, choices: list[str]) -> Reader:
    def chosen(cell: str) -> str:
        known = {fold(choice): choice for choice in choices}
        said = [_text(cell)] if kind == FieldKind.CHOICE else choices_of(cell)
        if unknown := next((one for one in said if choices and fold(one) not in known), None):
            raise Refusal("choice", gettext_noop("“%(text)s” is not in the list of this field."), text=unknown[:60])
        return "|".join(known.get(fold(one), one) for one in said)

    readers: dict[str, Reader] = {
        FieldKind.NUMBER: number,
        FieldKind.DATE: day,
        FieldKind.YES_NO: yes_no,
        FieldKind.LONG_TEXT: str.strip,
        FieldKind.CHOICE: chosen,
        FieldKind.CHOICES: chosen,
    }
    return readers.get(kind, _text)


def own_columns() -> dict[str, Column]:
    """The fields of the structure, by the name of their column. One query."""
    return {
        f"field:{field.key}": Column(
            f"field:{field.key}", field.name, "own", _of_field(field.kind, field.choices), longest=4000
        )
        for field in Field.objects.exclude(kind__in=UNFILLABLE)
    }


def new_columns() -> dict[str, Column]:
    """The fields that an import may make, by the name of their column: any number of columns may hold each."""
    return {
        name: Column(name, label, "new", _of_field(name.removeprefix("new:"), []), longest=4000)
        for name, label in NEW.items()
    }


#: The headers that Galette, Paheko and HelloAsso give what is kept here, beside those of kit/mapping.
_HEADERS = (
    mapping.Field.of("member_id", "id_adh, id, identifiant, identifiant unique, id adhérent, member id"),
    mapping.Field.of(
        "number", "numéro, numéro d'adhérent, n° adhérent, num_adh, numéro de membre, member number, matricule, n°"
    ),
    mapping.Field.of("status", "statut, id_statut, libelle_statut, catégorie, catégorie de membre, status, category"),
    mapping.Field.of("is_organisation", "personne morale, est une organisation, is organisation"),
    mapping.Field.of("chosen_name", "pseudo, pseudo_adh, pseudonyme, surnom, nickname, prénom choisi"),
    mapping.Field.of("website", "site, site web, site internet, url_adh, website, url"),
    mapping.Field.of("birth_place", "lieu de naissance, lieu_naissance, né à, birth place"),
    mapping.Field.of("siret", "siret, siren, numéro siret, rna, numéro rna"),
    mapping.Field.of("public_note", "info_public_adh, note publique, informations publiques"),
    mapping.Field.of("left_on", "date de départ, date de sortie, démission, date de démission, parti le, left on"),
    mapping.Field.of("leaving_reason", "motif de départ, raison du départ, motif de sortie"),
    mapping.Field.of("is_active", "activite_adh, actif, active, compte actif"),
    mapping.Field.of("is_exempt", "bool_exempt_adh, exempt, exempté, exonéré, exempt de cotisation"),
    mapping.Field.of("in_directory", "bool_display_info, annuaire, visible, visible dans l'annuaire"),
    mapping.Field.of("photos_allowed", "droit à l'image, photos autorisées, autorisation photo"),
    mapping.Field.of(
        "newsletter", "lettre_infos, newsletter, lettre d'information, inscription à la lettre d'information"
    ),
    mapping.Field.of("managed_groups", "groupes gérés, responsable de, managed groups"),
    mapping.Field.of("family", "famille, foyer, family, household"),
    mapping.Field.of("payer_id", "parent_id, id_parent, id du payeur, id du parent, membre responsable"),
    mapping.Field.of("dues_id", "id_cotis, référence commande, numéro de référence, référence, n° de commande"),
    mapping.Field.of("dues_kind", "id_type_cotis, type de cotisation, cotisation, activité, type d'adhésion, campagne"),
    mapping.Field.of("dues_rate", "tarif, formule, rate, tarif choisi"),
    mapping.Field.of(
        "dues_cents", "montant, montant_cotis, montant tarif, montant adhésion, montant de la cotisation, amount, prix"
    ),
    mapping.Field.of("dues_first", "date_debut_cotis, date de début, début de cotisation, valable du"),
    mapping.Field.of(
        "dues_last",
        "date_echeance, date_fin_cotis, échéance, date d'échéance, fin de cotisation, date de fin, à jour jusqu'au, "
        "expiration, date d'expiration, valable jusqu'au",
    ),
    mapping.Field.of(
        "dues_paid_on",
        "date_enreg, date de la commande, date de paiement, date de règlement, payé le, date du paiement",
    ),
    mapping.Field.of("dues_paid", "statut de la commande, payé, réglé, cotisation payée, à jour, paid"),
    mapping.Field.of("dues_note", "moyen de paiement, type_paiement_cotis, mode de paiement, mode de règlement"),
    # What HelloAsso says of whoever paid, which may be somebody else: drawn away from the member.
    mapping.Field.of("payer_family_name", "nom payeur, nom acheteur, nom du payeur"),
    mapping.Field.of("payer_given_name", "prénom payeur, prénom acheteur, prénom du payeur"),
    mapping.Field.of("payer_organisation", "société payeur, raison sociale payeur"),
    mapping.Field.of("promo", "code promo, montant code promo, montant du code promo"),
    mapping.Field.of("secret", "mdp_adh, mot de passe, password, login_adh, identifiant de connexion"),
)
_OVER = {field.name for field in _HEADERS} | {"nickname", "role"}
HEADERS = (*_HEADERS, *(field for field in mapping.PERSON_FIELDS if field.name not in _OVER))


def guess(header: list[str]) -> list[str]:
    """The name of the column that each header seems to be, "" for none: its own fields first, by their name."""
    own = {fold(str(column.label)): name for name, column in own_columns().items()}
    guessed = mapping.guess(header, HEADERS)
    return [
        own.get(fold(text)) or (found.field if found.field in COLUMNS else "") or ""
        for text, found in zip(header, guessed, strict=True)
    ]
