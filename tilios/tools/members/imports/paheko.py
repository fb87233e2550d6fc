"""The tables of Paheko (1.3 and 1.4), from its SQLite file, turned into rows of members and of dues.

Read of paheko/src/include/migrations/1.3/schema.sql and 1.4/schema.sql, and of its presets of fields. Amounts are in
cents.
"""

import json
from collections import defaultdict
from typing import Any

from django.utils.translation import gettext_noop

from tilios.kit import mapping
from tilios.kit.money import plain_cents
from tilios.kit.refusals import Refusal
from tilios.tools.members.imports.columns import COLUMNS, HEADERS
from tilios.tools.members.imports.sources import Rows, Source, Table, Tables

WANTED = (
    "users", "config_users_fields", "users_categories", "services", "services_fees", "services_users",
    "services_subscriptions", "acc_transactions", "acc_transactions_users", "acc_transactions_lines",
)  # fmt: skip
#: Fields by the name that the presets of Paheko give them.
PRESETS = {
    "numero": "number", "nom": "display_name", "prenom": "given_name", "email": "email", "adresse": "street",
    "code_postal": "postcode", "ville": "town", "pays": "country", "telephone": "phone", "lettre_infos": "newsletter",
    "date_naissance": "birth_date", "date_inscription": "joined_on",
}  # fmt: skip
KINDS = {
    "text": "text", "url": "text", "tel": "text", "email": "text", "country": "text", "datalist": "text",
    "textarea": "long_text", "number": "number", "decimal": "number", "year": "number", "month": "text",
    "date": "date", "datetime": "date", "checkbox": "yes_no", "select": "choice", "multiple": "choices",
}  # fmt: skip
OTHERS = ("member_id", "status", "is_active", "payer_id")
DUES = (
    "dues_id", "dues_kind", "dues_rate", "dues_cents", "dues_received", "dues_first", "dues_last", "dues_paid",
    "dues_paid_on", "dues_note",
)  # fmt: skip
COUNTRIES = {"FR": "France", "BE": "Belgique", "CH": "Suisse", "LU": "Luxembourg", "CA": "Canada"}
DAYS_A_MONTH = 30.44


def source(tables: Tables) -> Source:
    """Members first, those who pay for others before those they pay for; then their dues. Raises Refusal."""
    people = tables.get("users", [])
    if not people or "config_users_fields" not in tables:
        raise Refusal(
            "paheko_empty",
            gettext_noop(
                "This SQLite file is not that of Paheko, or holds no member: take the one of Configuration, Backups."
            ),
        )
    rows = Rows({name: str(COLUMNS[name].label) for name in (*OTHERS, *DUES)})
    plan: dict[str, Any] = {"choices": {}}
    fields = _fields(tables["config_users_fields"], rows, plan["choices"])
    categories = {row["id"]: row for row in tables.get("users_categories", [])}
    for person in sorted(people, key=lambda row: bool(row.get("id_parent"))):
        category = categories.get(person.get("id_category"), {})
        values = {key: _said(person.get(name), kind, options) for name, (key, kind, options) in fields.items()}
        values |= {
            "member_id": person.get("id"),
            "status": category.get("name"),
            "is_active": "0" if category.get("hidden") else "",
            "payer_id": person.get("id_parent"),
        }
        rows.add(values)
    plan |= _dues(tables, rows)
    plan["statuses"] = [row["name"] for row in tables.get("users_categories", [])]
    return Source("paheko", rows.header, rows.columns, rows.lines, plan)


def _fields(table: Table, rows: Rows, choices: dict[str, list[str]]) -> dict[str, tuple[str, str, list[str]]]:
    """For each field of the records: the key of its column, its type, its choices."""
    found: dict[str, tuple[str, str, list[str]]] = {}
    taken: set[str] = set()
    names = {row.get("name") for row in table}
    for row in sorted(table, key=lambda row: row.get("sort_order") or 0):
        name, kind, label = str(row.get("name")), str(row.get("type")), str(row.get("label") or row.get("name"))
        if kind in {"password", "file", "virtual", "generated"}:
            continue
        holds = PRESETS.get(name, "") or _guessed(label)
        if name == "nom" and "prenom" in names:
            holds = "family_name"
        if not holds or holds in taken:
            holds = f"new:{KINDS.get(kind, 'text')}"
        taken.add(holds)
        options = [str(one) for one in json.loads(row.get("options") or "[]") or []]
        if options:
            choices[label[:120]] = options
        found[name] = rows.own(label, holds), kind, options
    return found


def _guessed(label: str) -> str:
    guess = mapping.guess([label], HEADERS)[0]
    sure = guess.field in COLUMNS and guess.confidence >= 0.95 and not str(guess.field).startswith("dues_")
    return str(guess.field) if sure else ""


def _said(value: Any, kind: str, options: list[str]) -> Any:
    if kind == "multiple" and isinstance(value, int):  # a bit for each thing ticked
        return "|".join(option for bit, option in enumerate(options) if value >> bit & 1)
    if kind == "country":
        return COUNTRIES.get(str(value or ""), value)
    return value


def _dues(tables: Tables, rows: Rows) -> dict[str, Any]:
    """Add a row for each subscription; gives the kinds of dues and the rates they are of."""
    services = {row["id"]: row for row in tables.get("services", [])}
    fees = {row["id"]: row for row in tables.get("services_fees", [])}
    payments = _payments(tables)
    rates: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for fee in fees.values():
        if fee.get("id_service") in services:
            rates[services[fee["id_service"]]["label"]][fee["label"]] = int(fee.get("amount") or 0)
    for row in tables.get("services_subscriptions") or tables.get("services_users", []):
        service, fee = services.get(row.get("id_service"), {}), fees.get(row.get("id_fee"), {})
        received, paid_on, note = payments.get(row["id"], (0, "", ""))
        amount = row.get("expected_amount")
        owed = int(amount if amount is not None else received or fee.get("amount") or 0)
        rows.add(
            {
                "member_id": row.get("id_user"),
                "dues_id": row["id"],
                "dues_kind": service.get("label"),
                "dues_rate": fee.get("label"),
                "dues_cents": plain_cents(owed),
                "dues_received": plain_cents(received),
                "dues_first": row.get("date"),
                "dues_last": row.get("expiry_date"),
                "dues_paid": "1" if row.get("paid") else "0",
                "dues_paid_on": paid_on,
                "dues_note": note,
            }
        )
    kinds = {
        row["label"]: {
            "months": round((row.get("duration") or 0) / DAYS_A_MONTH) or (12 if row.get("end_date") else 0),
            "is_membership": "adh" in row["label"].casefold() or "cotis" in row["label"].casefold(),
            "description": row.get("description") or "",
        }
        for row in services.values()
    }
    return {"kinds": kinds, "rates": rates}


def _payments(tables: Tables) -> dict[Any, tuple[int, str, str]]:
    """What was paid for each subscription: cents, the last day, the reference."""
    amounts: defaultdict[Any, int] = defaultdict(int)
    for line in tables.get("acc_transactions_lines", []):
        amounts[line.get("id_transaction")] += int(line.get("credit") or 0)
    entries = {row["id"]: row for row in tables.get("acc_transactions", [])}
    linked: defaultdict[Any, list[Any]] = defaultdict(list)
    for row in tables.get("acc_transactions_users", []):
        subscription = row.get("id_subscription") or row.get("id_service_user")
        if subscription and row.get("id_transaction") in entries:
            linked[row["id_transaction"]].append(subscription)
    paid: dict[Any, tuple[int, str, str]] = {}
    for number, subscriptions in linked.items():
        entry = entries[number]
        for subscription in subscriptions:
            # One entry for several subscriptions says how much for none: each has its part.
            cents, day, note = paid.get(subscription, (0, "", ""))
            note = note or str(entry.get("reference") or "")
            paid[subscription] = (
                cents + amounts[number] // len(subscriptions),
                max(day, str(entry.get("date") or "")),
                note,
            )
    return paid
