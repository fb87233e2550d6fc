"""Which column of a sheet holds which field: a guess to be corrected by hand.

Headers are compared folded, without the words that say nothing ("de", "adhérent", "the"), one typo forgiven.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from tilios.kit.text import fold, within_one_edit, words

# Words that a header carries without telling fields apart.
SILENT = {
    "de", "du", "des", "la", "le", "les", "l", "d", "the", "of", "your", "votre", "vos", "ou", "et", "and", "or",
    "adh", "adherent", "adherents", "adherente", "membre", "membres", "member", "members", "contact", "contacts",
    "personne", "person", "people", "user", "utilisateur", "benevole", "obligatoire", "required", "optionnel",
}  # fmt: skip
LEAST = 0.5


def _tidy(header: str) -> str:
    """The words of a header, folded, on one line: "E-mail *" and "email_adh" come close to each other."""
    header = re.sub(r"\(e\)|·e|\.e\b", "", fold(re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", header)))
    header = re.sub(r"\be-?mail\b", "email", re.sub(r"\bn ?°|\b(?:no|num)\b", "numero ", header))
    return " ".join(words(header))


@dataclass(frozen=True)
class Field:
    """Something that a column may hold, and the headers it goes by, in any language. `name` is one of them."""

    name: str
    synonyms: tuple[str, ...] = ()

    @cached_property
    def known(self) -> tuple[str, ...]:
        """The headers it goes by, in the form that headers are compared in, the likeliest first."""
        return tuple(dict.fromkeys(_tidy(header) for header in (*self.synonyms, self.name)))

    @classmethod
    def of(cls, name: str, synonyms: str) -> "Field":
        """A field whose synonyms are written on one line, separated by commas."""
        return cls(name, tuple(synonyms.split(", ")))


@dataclass(frozen=True)
class Guess:
    """The field that a column seems to hold, None if none does. `confidence` goes from 0 to 1 (the very name)."""

    column: int
    header: str
    field: str | None
    confidence: float


# The fields of a person, with the names that Galette, Paheko, HelloAsso, CiviCRM and address books export them by.
# Fields that an importer has no place for are worth keeping in the guess: they draw away the columns that are theirs.
PERSON_FIELDS = (
    Field.of(
        "given_name",
        "prénom, prénoms, prenom_adh, first name, firstname, given name, forename, prénom usuel, prénom adhérent",
    ),
    Field.of(
        "family_name",
        "nom, nom de famille, nom_adh, last name, lastname, surname, family name, nom usuel, nom d'usage, nom adhérent",
    ),
    Field.of(
        "display_name",
        "nom complet, nom et prénom, prénom et nom, nom prénom, full name, name, display name, nom affiché, identité",
    ),
    Field.of("nickname", "pseudo, pseudo_adh, pseudonyme, surnom, nickname"),
    Field.of(
        "email",
        "e-mail, courriel, adresse e-mail, adresse mail, adresse email, adresse électronique, adresse de "
        "courriel, mail, mél, email_adh, email address, e-mail 1 - value, email payeur, email acheteur",
    ),
    Field.of(
        "phone",
        "téléphone, tél, tel_adh, numéro de téléphone, phone, phone number, telephone, téléphone fixe, fixe, "
        "n° de téléphone, numéro de tél, home phone, business phone",
    ),
    Field.of(
        "mobile",
        "portable, mobile, téléphone portable, téléphone mobile, tél portable, tél mobile, gsm_adh, gsm, "
        "mobile phone, cell phone, numéro de portable",
    ),
    Field.of(
        "street",
        "adresse, adresse_adh, adresse postale, rue, voie, adresse 1, address, street, street address, postal "
        "address, address line 1, home street, n° et rue, numéro et rue",
    ),
    Field.of(
        "street_2",
        "complément d'adresse, adresse2_adh, adresse 2, adresse suite, address 2, address line 2, street 2, complément",
    ),
    Field.of(
        "postcode", "code postal, cp, cp_adh, c.p., codepostal, postal code, zip, zip code, postcode, home postal code"
    ),
    Field.of("town", "ville, ville_adh, commune, localité, city, town, home city"),
    Field.of("country", "pays, pays_adh, country, home country"),
    Field.of(
        "birth_date",
        "date de naissance, ddn_adh, ddn, né le, née le, né(e) le, naissance, birth date, birthdate, "
        "birthday, date of birth, dob, anniversaire, date naissance",
    ),
    Field.of(
        "note",
        "note, notes, remarque, remarques, commentaire, commentaires, observations, info_adh, comment, "
        "comments, informations, autres informations",
    ),
    Field.of("title", "civilité, titre_adh, titre, title, genre, sexe_adh, id_titre"),
    Field.of(
        "organisation",
        "société, societe_adh, organisation, organization, company, entreprise, raison sociale, structure, "
        "association, nom de la structure",
    ),
    Field.of("profession", "profession, prof_adh, métier, job, occupation"),
    Field.of(
        "groups", "groupe, groupes, group, groups, équipe, équipes, commission, commissions, team, tags, étiquettes"
    ),
    Field.of("role", "rôle, role, fonction, droits"),
    Field.of("language", "langue, pref_lang, language"),
    Field.of(
        "number",
        "numéro, numéro d'adhérent, n° adhérent, num_adh, id, id_adh, identifiant, member number, matricule, n°",
    ),
    Field.of(
        "joined_on",
        "date d'adhésion, date_crea_adh, adhésion, adhérent depuis, date d'inscription, date de création, "
        "membre depuis, member since, join date, joined",
    ),
)


def guess(header: Sequence[str], fields: Iterable[Field] = PERSON_FIELDS) -> list[Guess]:
    """One guess per column, in the order of `header`. No field is given twice: the surest column has it."""
    known = tuple(fields)
    scores = sorted(
        (
            (-confidence, rank, column, order)
            for column, text in enumerate(header)
            for order, candidate in enumerate(known)
            for confidence, rank in [_likeness(_tidy(text), candidate)]
            if confidence >= LEAST
        ),
    )
    by_column: dict[int, tuple[str, float]] = {}
    given: set[int] = set()
    for opposite, _rank, column, order in scores:
        if column not in by_column and order not in given:
            by_column[column] = (known[order].name, -opposite)
            given.add(order)
    return [Guess(column, text, *by_column.get(column, (None, 0.0))) for column, text in enumerate(header)]


def _likeness(header: str, candidate: Field) -> tuple[float, int]:
    """How close `header` comes to `candidate`, and to which of its synonyms."""
    if not header:
        return 0.0, 0
    closeness, opposite = max((_closeness(header, name), -rank) for rank, name in enumerate(candidate.known))
    return closeness, -opposite


def _closeness(header: str, name: str) -> float:
    if header == name:
        return 1.0
    if header.replace(" ", "") == name.replace(" ", ""):
        return 0.98
    ours, theirs = _telling(header), _telling(name)
    if not ours or not theirs:
        return 0.0
    if ours == theirs:
        return 0.95
    if len(name) > 3 and within_one_edit(header, name):
        return 0.85
    if len(ours) == len(theirs) and all(any(_alike(a, b) for b in theirs) for a in ours):
        return 0.8
    shared = sum(1 for word in theirs if any(_alike(word, other) for other in ours))
    return 0.75 * shared / max(len(ours), len(theirs))


def _telling(text: str) -> frozenset[str]:
    return frozenset(word for word in text.split() if word not in SILENT)


def _alike(a: str, b: str) -> bool:
    return a == b or (len(a) > 3 and len(b) > 3 and within_one_edit(a, b))
