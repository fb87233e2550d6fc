"""Files as Galette, Paheko and HelloAsso write them, made here: a small association, or one of any size."""

import csv
import io
import sqlite3
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

ADHERENTS = (
    "id_adh", "id_statut", "nom_adh", "prenom_adh", "pseudo_adh", "societe_adh", "titre_adh", "ddn_adh", "sexe_adh",
    "adresse_adh", "cp_adh", "ville_adh", "region_adh", "pays_adh", "tel_adh", "gsm_adh", "email_adh", "info_adh",
    "info_public_adh", "prof_adh", "login_adh", "mdp_adh", "date_crea_adh", "date_modif_adh", "activite_adh",
    "bool_admin_adh", "bool_exempt_adh", "bool_display_info", "date_echeance", "pref_lang", "lieu_naissance", "gpgid",
    "fingerprint", "parent_id", "num_adh",
)  # fmt: skip
COTISATIONS = (
    "id_cotis", "id_adh", "id_type_cotis", "montant_cotis", "type_paiement_cotis", "info_cotis", "date_enreg",
    "date_debut_cotis", "date_fin_cotis", "trans_id",
)  # fmt: skip
Row = Sequence[Any]


def adherent(number: int, **said: Any) -> list[Any]:
    """One row of `adherents`, with the values that Galette gives by default."""
    row = dict.fromkeys(ADHERENTS, "") | {
        "id_adh": number, "id_statut": 4, "titre_adh": None, "societe_adh": None, "ddn_adh": "1901-01-01",
        "sexe_adh": 0, "pays_adh": "France", "login_adh": f"login{number}", "mdp_adh": "$2y$10$x",
        "date_crea_adh": "2019-03-01", "date_modif_adh": "2024-01-01", "activite_adh": 1, "bool_admin_adh": 0,
        "bool_exempt_adh": 0, "bool_display_info": 1, "date_echeance": None, "pref_lang": "fr_FR", "gpgid": None,
        "fingerprint": None, "parent_id": None, "num_adh": None,
    }  # fmt: skip
    return list((row | said).values())


def galette_tables() -> dict[str, tuple[Row, list[Row]]]:
    """Name of the table -> its columns and its rows: four members, one of them a company, one a child."""
    return {
        "statuts": (
            ("id_statut", "libelle_statut", "priorite_statut"),
            [[4, "Active member", 30], [7, "Mentor d'un jour", 90]],
        ),
        "titles": (("id_title", "short_label", "long_label"), [[1, "Mr.", ""], [2, "Mrs.", ""]]),
        "types_cotisation": (
            ("id_type_cotis", "libelle_type_cotis", "amount", "cotis_extension"),
            [[1, "annual fee", "20.00", -1], [2, "Don", None, 0]],
        ),
        "paymenttypes": (("type_id", "type_name"), [[3, "Check"]]),
        "groups": (
            ("id_group", "group_name", "creation_date", "parent_group"),
            [[1, "Atelier bois", "2020-01-01 10:00:00", None], [2, "Bureau", "2020-01-01 10:00:00", None]],
        ),
        "adherents": (
            ADHERENTS,
            [
                adherent(12, nom_adh="Le Goff", prenom_adh="Zoé", parent_id=11, ddn_adh="2012-05-04"),
                adherent(
                    11, nom_adh="Le Goff", prenom_adh="Anaïs", titre_adh=2, email_adh="anais@example.org",
                    adresse_adh="3 rue de l'Église\r\nBâtiment B", cp_adh="29600", ville_adh="Morlaix",
                    ddn_adh="1980-12-31", prof_adh="Menuisière", num_adh="A-7", gsm_adh="06 12 34 56 78",
                    info_adh="Note ; avec 'apostrophe' et \\barre", bool_exempt_adh=1,
                ),
                adherent(13, nom_adh="", prenom_adh="", societe_adh="SARL Dupré", id_statut=7, activite_adh=0),
                adherent(14, nom_adh="Œuvrard", prenom_adh="Noé", email_adh="noe@example.org"),
            ],
        ),
        "groups_members": (("id_group", "id_adh"), [[1, 11], [1, 12]]),
        "groups_managers": (("id_group", "id_adh"), [[2, 11]]),
        "cotisations": (
            COTISATIONS,
            [
                [100, 11, 1, "20.00", 3, "Chèque 123", "2023-01-10", "2023-01-01", "2023-12-31", None],
                [101, 11, 1, "20.00", 3, "", "2024-01-12", "2024-01-01", "2024-12-31", None],
                [102, 14, 2, "15.50", 1, "", "2024-03-03", "2024-03-03", "2024-03-03", None],
            ],
        ),
        "field_types": (
            ("field_id", "field_form", "field_index", "field_name", "field_perm", "field_type", "field_required"),
            [
                [1, "adh", 1, "Taille de t-shirt", 1, 3, 0],
                [2, "adh", 2, "Certificat le", 1, 4, 0],
                [3, "contrib", 1, "X", 1, 2, 0],
            ],
        ),
        "field_contents_1": (("id", "val"), [[0, "S"], [1, "L"]]),
        "dynamic_fields": (
            ("item_id", "field_id", "field_form", "val_index", "field_val"),
            [[11, 1, "adh", 1, "1"], [11, 2, "adh", 1, "2023-09-01"], [100, 3, "contrib", 1, "rien"]],
        ),
        "logs": (
            ("id_log", "sql_log"),
            [[1, "INSERT INTO galette_adherents VALUES (99,'faux');\nINSERT INTO galette_adherents VALUES (98,'x');"]],
        ),
    }  # fmt: skip


def mysql(tables: dict[str, tuple[Row, list[Row]]], prefix: str = "galette_") -> bytes:
    """As mysqldump writes: columns in CREATE TABLE, rows together in INSERT, backslashes."""
    out = ["-- MariaDB dump 10.19  Distrib 10.11", "/*!40101 SET NAMES utf8mb4 */;"]
    for name, (columns, rows) in tables.items():
        out.append(f"DROP TABLE IF EXISTS `{prefix}{name}`;\nCREATE TABLE `{prefix}{name}` (")
        out.append(",\n".join(f"  `{column}` varchar(255) DEFAULT NULL" for column in columns))
        out.append(f"  ,PRIMARY KEY (`{columns[0]}`)\n) ENGINE=InnoDB;\nLOCK TABLES `{prefix}{name}` WRITE;")
        if rows:
            values = ",\n".join(f"({','.join(map(_mysql, row))})" for row in rows)
            out.append(f"INSERT INTO `{prefix}{name}` VALUES\n{values};")
        out.append("UNLOCK TABLES;")
    return "\n".join(out).encode()


def _mysql(value: Any) -> str:
    if value is None or isinstance(value, int):
        return "NULL" if value is None else str(value)
    text = str(value).replace("\\", "\\\\").replace("'", "\\'").replace("\r", "\\r").replace("\n", "\\n")
    return f"'{text}'"


def postgresql(tables: dict[str, tuple[Row, list[Row]]], prefix: str = "galette_") -> bytes:
    """As pg_dump writes: COPY with tabs."""
    out = ["--\n-- PostgreSQL database dump\n--\n", "SET standard_conforming_strings = on;"]
    for name, (columns, rows) in tables.items():
        out.append(f"COPY public.{prefix}{name} ({', '.join(columns)}) FROM stdin;")
        out += ["\t".join(map(_copied, row)) for row in rows]
        out.append("\\.\n")
    return "\n".join(out).encode()


def _copied(value: Any) -> str:
    if value is None:
        return "\\N"
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\r", "\\r").replace("\n", "\\n")


USERS = (
    "id", "id_category", "id_parent", "is_parent", "numero", "nom", "email", "password", "adresse", "code_postal",
    "ville", "pays", "telephone", "lettre_infos", "date_inscription", "atelier", "langues",
)  # fmt: skip


def paheko(*, subscriptions: str = "services_users", users: Iterable[Row] | None = None) -> bytes:
    """The SQLite file of Paheko: 1.3, or 1.4 where subscriptions have their new name."""
    link = "id_service_user" if subscriptions == "services_users" else "id_subscription"
    fields = [
        (1, "numero", 1, "number", "Numéro de membre", None), (2, "nom", 2, "text", "Nom & prénom", None),
        (3, "email", 3, "email", "Adresse E-Mail", None), (4, "password", 4, "password", "Mot de passe", None),
        (5, "adresse", 5, "textarea", "Adresse postale", None), (6, "code_postal", 6, "text", "Code postal", None),
        (7, "ville", 7, "text", "Ville", None), (8, "pays", 8, "country", "Pays", None),
        (9, "telephone", 9, "tel", "Numéro de téléphone", None),
        (10, "lettre_infos", 10, "checkbox", "Inscription à la lettre d'information", None),
        (11, "date_inscription", 11, "date", "Date d'inscription", None),
        (12, "atelier", 12, "select", "Atelier préféré", '["Bois","Métal"]'),
        (13, "langues", 13, "multiple", "Langues parlées", '["Français","Breton","Anglais"]'),
    ]  # fmt: skip
    rows = users or [
        (2, 1, 1, 0, 43, "Zoé Martin", None, None, None, None, None, "FR", None, 0, "2021-09-01", None, 0),
        (1, 1, None, 1, 42, "Jeanne Martin", "jeanne@example.org", "x", "2 rue du Port", "29200", "Brest", "FR",
         "02 98 00 00 00", 1, "2020-09-01", "Bois", 5),
        (3, 2, None, 0, 44, "Paul Ancien", "paul@example.org", None, None, None, None, "FR", None, 0, None, None, 0),
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "association.sqlite")
        base = sqlite3.connect(path)
        base.executescript(f"""
            CREATE TABLE config_users_fields (id INTEGER, name TEXT, sort_order INTEGER, type TEXT, label TEXT,
                options TEXT);
            CREATE TABLE users_categories (id INTEGER, name TEXT, hidden INTEGER);
            CREATE TABLE users ({", ".join(USERS)}, age INTEGER GENERATED ALWAYS AS (numero * 2) VIRTUAL);
            CREATE TABLE services (id INTEGER, label TEXT, description TEXT, duration INTEGER, start_date TEXT,
                end_date TEXT, archived INTEGER);
            CREATE TABLE services_fees (id INTEGER, label TEXT, description TEXT, amount INTEGER, formula TEXT,
                id_service INTEGER);
            CREATE TABLE {subscriptions} (id INTEGER, id_user INTEGER, id_service INTEGER, id_fee INTEGER,
                paid INTEGER, expected_amount INTEGER, date TEXT, expiry_date TEXT);
            CREATE TABLE acc_transactions (id INTEGER, label TEXT, reference TEXT, date TEXT);
            CREATE TABLE acc_transactions_lines (id INTEGER, id_transaction INTEGER, credit INTEGER, debit INTEGER);
            CREATE TABLE acc_transactions_users (id_transaction INTEGER, id_user INTEGER, {link} INTEGER);
            CREATE TABLE logs (id INTEGER, action INTEGER);
        """)
        base.executemany("INSERT INTO config_users_fields VALUES (?, ?, ?, ?, ?, ?)", fields)
        base.executemany(
            "INSERT INTO users_categories VALUES (?, ?, ?)", [(1, "Membres actifs", 0), (2, "Anciens membres", 1)]
        )
        base.executemany(f"INSERT INTO users VALUES ({', '.join('?' * len(USERS))})", rows)
        base.execute("INSERT INTO services VALUES (1, 'Cotisation', 'De l''année', 365, NULL, NULL, 0)")
        base.execute("INSERT INTO services_fees VALUES (1, 'Plein tarif', NULL, 3000, NULL, 1)")
        base.executemany(
            f"INSERT INTO {subscriptions} VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [(1, 1, 1, 1, 1, 3000, "2023-09-01", "2024-08-30"), (2, 1, 1, 1, 0, 3000, "2024-09-01", "2025-08-31")],
        )
        base.execute("INSERT INTO acc_transactions VALUES (1, 'Cotisation', 'CHQ-9', '2023-09-02')")
        base.execute("INSERT INTO acc_transactions VALUES (2, 'Acompte', '', '2024-09-02')")
        base.executemany(
            "INSERT INTO acc_transactions_lines VALUES (?, ?, ?, ?)",
            [(1, 1, 3000, 0), (2, 1, 0, 3000), (3, 2, 1000, 0), (4, 2, 0, 1000)],
        )
        base.executemany("INSERT INTO acc_transactions_users VALUES (?, ?, ?)", [(1, 1, 1), (2, 1, 2)])
        base.commit()
        base.close()
        return path.read_bytes()


HELLOASSO = (
    "Référence commande", "Date de la commande", "Statut de la commande", "Nom adhérent", "Prénom adhérent",
    "Carte d'adhérent", "Nom payeur", "Prénom payeur", "Email payeur", "Raison sociale", "Moyen de paiement", "Tarif",
    "Montant tarif", "Code Promo", "Montant code promo", "Date de naissance",
)  # fmt: skip


def helloasso(rows: Iterable[Row] | None = None) -> bytes:
    """The members of a campaign, as HelloAsso exports them: semicolons, BOM, French amounts and dates."""
    rows = rows or [
        ("31870001", "03/09/2024 18:22:10", "Validé", "MARTIN", "Jeanne", "", "MARTIN", "Jeanne", "jeanne@example.org",
         "", "Carte bancaire", "Plein tarif", "30,00", "", "", "14/07/1985"),
        ("31870001", "03/09/2024 18:22:10", "Validé", "MARTIN", "Zoé", "", "MARTIN", "Jeanne", "jeanne@example.org",
         "", "Carte bancaire", "Réduit", "10,00", "", "", "01/02/2014"),
        ("31870002", "05/09/2024 09:00:00", "Remboursé", "DUPONT", "Luc", "", "DUPONT", "Luc", "luc@example.org",
         "", "Carte bancaire", "Plein tarif", "30,00", "", "", ""),
    ]  # fmt: skip
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([HELLOASSO, *rows])
    return out.getvalue().encode("utf-8-sig")
