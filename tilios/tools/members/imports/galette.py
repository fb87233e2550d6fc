"""The tables of Galette (0.9 to 1.2), from a dump of its database, turned into rows of members and of dues.

Read of galette/install/scripts/mysql.sql and pgsql.sql.
"""

import re
from collections import defaultdict
from typing import Any

from django.utils.translation import gettext, gettext_noop

from tilios.kit.refusals import Refusal
from tilios.tools.members.imports.columns import COLUMNS, NO_DAY
from tilios.tools.members.imports.sources import Rows, Source, Table, Tables

#: The tables that are read, whatever their prefix.
WANTED = re.compile(
    r"(?P<prefix>\w*?)(?P<table>adherents|cotisations|types_cotisation|statuts|titles|paymenttypes|groups_members|"
    r"groups_managers|groups|field_types|dynamic_fields|field_contents_\d+|socials)"
)
#: Column of `adherents` -> what it holds.
MEMBER = {
    "id_adh": "member_id", "num_adh": "number", "nom_adh": "family_name", "prenom_adh": "given_name",
    "pseudo_adh": "chosen_name", "societe_adh": "organisation", "ddn_adh": "birth_date", "adresse_adh": "street",
    "cp_adh": "postcode", "ville_adh": "town", "pays_adh": "country", "tel_adh": "phone", "gsm_adh": "mobile",
    "email_adh": "email", "info_adh": "note", "info_public_adh": "public_note", "prof_adh": "profession",
    "date_crea_adh": "joined_on", "activite_adh": "is_active", "bool_exempt_adh": "is_exempt",
    "bool_display_info": "in_directory", "pref_lang": "language", "lieu_naissance": "birth_place",
    "parent_id": "payer_id",
}  # fmt: skip
DUES = {
    "id_cotis": "dues_id", "id_adh": "member_id", "montant_cotis": "dues_cents", "date_debut_cotis": "dues_first",
    "date_fin_cotis": "dues_last", "date_enreg": "dues_paid_on",
}  # fmt: skip
OTHERS = ("street_2", "status", "title", "website", "is_organisation", "groups", "managed_groups")
#: field_type of Galette -> kind of field; those that are missing (a line that separates, a file) hold nothing.
KINDS = {"1": "long_text", "2": "text", "3": "choice", "4": "date", "5": "yes_no"}
#: Keys of its first statuses, titles and means of payment, which Galette keeps in English and translates itself.
WORDS = {
    "President": "Président", "Vice-president": "Vice-président", "Treasurer": "Trésorier",
    "Vice-treasurer": "Trésorier adjoint", "Secretary": "Secrétaire", "Vice-secretary": "Secrétaire adjoint",
    "Active member": "Membre actif", "Benefactor member": "Membre bienfaiteur", "Founder member": "Membre fondateur",
    "Old-timer": "Ancien", "Society": "Personne morale", "Non-member": "Non membre", "Mr.": "M.", "Mrs.": "Mme",
    "Miss": "Mlle", "annual fee": "Cotisation annuelle", "reduced annual fee": "Cotisation annuelle réduite",
    "company fee": "Cotisation d'entreprise", "donation in kind": "Donation en nature",
    "donation in money": "Donation pécuniaire", "partnership": "Partenariat", "Cash": "Espèces", "Credit card": "Carte",
    "Check": "Chèque", "Transfer": "Virement", "Other": "Autre",
    "annual fee (to be paid)": "Cotisation annuelle à payer",
}  # fmt: skip


def source(tables: Tables) -> Source:
    """Members first, those who pay for others before those they pay for; then their dues. Raises Refusal."""
    people = tables.get("adherents", [])
    if not people:
        raise Refusal(
            "galette_empty",
            gettext_noop(
                "This file holds no member of Galette: export the whole database, with the table “adherents”."
            ),
        )
    columns = {name: str(COLUMNS[name].label) for name in (*MEMBER.values(), *OTHERS)}
    columns |= {name: str(COLUMNS[name].label) for name in (*DUES.values(), "dues_kind", "dues_note")}
    rows = Rows(columns)
    fields, choices = _fields(tables, rows)
    answers = _answers(tables, fields)
    statuses = _words(tables.get("statuts", []), "id_statut", "libelle_statut")
    titles = _words(tables.get("titles", []), "id_title", "short_label")
    members, managers = _places(tables, "groups_members"), _places(tables, "groups_managers")
    sites = {row.get("id_adh"): row.get("url") for row in tables.get("socials", []) if row.get("type") == "website"}
    for person in sorted(people, key=lambda row: bool(row.get("parent_id"))):
        number = person.get("id_adh")
        rows.add(
            {name: _said(person.get(column)) for column, name in MEMBER.items()}
            | {
                "street_2": person.get("adresse2_adh"),
                "status": statuses.get(person.get("id_statut")),
                "title": titles.get(person.get("titre_adh")),
                "website": sites.get(number) or person.get("url_adh"),
                "is_organisation": "1" if _is_organisation(person) else "",
                "groups": "|".join(members[number]),
                "managed_groups": "|".join(managers[number]),
            }
            | answers[number]
        )
    plan = _dues(tables, rows)
    order = sorted(tables.get("statuts", []), key=lambda row: int(row.get("priorite_statut") or 0))
    plan["statuses"] = [statuses[row["id_statut"]] for row in order if row.get("id_statut") in statuses]
    plan["choices"] = choices
    return Source("galette", rows.header, rows.columns, rows.lines, plan)


def _said(value: Any) -> Any:
    return None if value in NO_DAY else value


def _is_organisation(person: dict[str, Any]) -> bool:
    """Whether a row is a company: Galette gives it the name of whoever stands for it, or none."""
    return bool(person.get("societe_adh")) and not (person.get("prenom_adh") or "").strip()


def _words(table: Table, key: str, label: str) -> dict[Any, str]:
    """The labels of a table by their number, in French where Galette keeps them in English."""
    return {row.get(key): WORDS.get(row.get(label) or "", row.get(label) or "") for row in table}


def _places(tables: Tables, name: str) -> defaultdict[Any, list[str]]:
    """The names of the groups of each member."""
    groups = {row.get("id_group"): (row.get("group_name") or "").replace("|", "/") for row in tables.get("groups", [])}
    found: defaultdict[Any, list[str]] = defaultdict(list)
    for row in tables.get(name, []):
        if group := groups.get(row.get("id_group")):
            found[row.get("id_adh")].append(group)
    return found


def _fields(tables: Tables, rows: Rows) -> tuple[dict[Any, tuple[str, dict[str, str]]], dict[str, list[str]]]:
    """For each field of members: the key of its column and its choices by number; and the lists by header."""
    fields: dict[Any, tuple[str, dict[str, str]]] = {}
    choices: dict[str, list[str]] = {}
    for row in sorted(tables.get("field_types", []), key=lambda row: int(row.get("field_index") or 0)):
        kind = KINDS.get(str(row.get("field_type")))
        if row.get("field_form") != "adh" or kind is None:
            continue
        label = row.get("field_name") or gettext("Field")
        listed = {str(one["id"]): one["val"] or "" for one in tables.get(f"field_contents_{row['field_id']}", [])}
        fields[row["field_id"]] = rows.own(label, f"new:{kind}"), listed
        if kind == "choice":
            choices[label[:120]] = list(listed.values())
    return fields, choices


def _answers(tables: Tables, fields: dict[Any, tuple[str, dict[str, str]]]) -> defaultdict[Any, dict[str, str]]:
    """What each member says in the fields, several values on several lines."""
    found: defaultdict[Any, dict[str, str]] = defaultdict(dict)
    for row in sorted(tables.get("dynamic_fields", []), key=lambda row: int(row.get("val_index") or 0)):
        if row.get("field_form") != "adh" or row.get("field_id") not in fields:
            continue
        key, listed = fields[row["field_id"]]
        value = listed.get(row.get("field_val") or "", row.get("field_val") or "")
        said = found[row.get("item_id")]
        said[key] = f"{said[key]}\n{value}" if key in said else value
    return found


def _dues(tables: Tables, rows: Rows) -> dict[str, Any]:
    """Add a row for each contribution; gives the kinds of dues they are of."""
    types = tables.get("types_cotisation", [])
    kinds = _words(types, "id_type_cotis", "libelle_type_cotis")
    means = {"1": "Espèces", "2": "Carte", "3": "Chèque", "4": "Virement", "5": "PayPal", "6": "Autre"}
    named = _words(tables.get("paymenttypes", []), "type_id", "type_name")
    means |= {str(number): word for number, word in named.items()}
    for row in tables.get("cotisations", []):
        note = [means.get(str(row.get("type_paiement_cotis")), ""), row.get("info_cotis") or ""]
        rows.add(
            {name: _said(row.get(column)) for column, name in DUES.items()}
            | {"dues_kind": kinds.get(row.get("id_type_cotis")), "dues_note": " – ".join(filter(None, note))}
        )
    return {"kinds": {kinds[row["id_type_cotis"]]: _kind(row) for row in types if row.get("id_type_cotis") in kinds}}


def _kind(row: dict[str, Any]) -> dict[str, Any]:
    """What a type of contribution says: `cotis_extension` is 0 for a gift, else a number of months (-1: a year)."""
    said = str(row.get("cotis_extension") or "0")
    extension = int({"t": "1", "f": "0"}.get(said, said))
    months = 0 if not extension else extension if extension > 1 else 12
    return {"months": months, "is_membership": bool(months), "amount": row.get("amount") or ""}
