"""Sample data of the style guide: every component, with the words of a real place. Nothing comes from a database.

The sample is French, as the place it shows; the interface around it is translated.
"""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from tilios.ui import charts
from tilios.ui.tones import TONES

PEOPLE = ("Alice Martin", "Bob Diallo", "Zoé Lefèvre")
PAGES = ("home", "search", "notifications", "account", "settings", "journal", "people", "logout", "help")
AGES = ("moins de 20 ans", "20 à 39", "40 à 59", "60 à 79", "80 et plus")
MONTHS = ("sept.", "oct.", "nov.", "déc.", "janv.", "févr.", "mars")


class SampleForm(forms.Form):
    name = forms.CharField(label="Nom du sondage", help_text="Ce que l’on verra dans la liste.")
    kind = forms.ChoiceField(
        label="On choisit", widget=forms.RadioSelect, choices=[("date", "une date"), ("text", "un nom ou une phrase")]
    )
    closes = forms.DateField(
        label="Clôture", required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text="Vide : jamais."
    )
    groups = forms.MultipleChoiceField(
        label="Qui peut répondre",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("all", "Toute la structure"), ("ca", "Conseil d’administration"), ("garden", "Jardin")],
    )
    email = forms.EmailField(label="Adresse de contact")
    text = forms.CharField(label="Présentation", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    secret = forms.BooleanField(label="Cacher les réponses jusqu’à la clôture", required=False)


def context() -> dict[str, Any]:
    """Everything `ui/styleguide.html` shows, `shell` included."""
    return {
        "shell": shell(),
        "tones": TONES,
        "people": PEOPLE,
        "themes": [
            ("auto", gettext("As my device")),
            ("light", gettext("Light")),
            ("dark", gettext("Dark")),
            ("contrast", gettext("High contrast")),
        ],
        "rows": [
            _row(
                "calendar-check", "organise", "Date de la fête de printemps", "18 réponses, jusqu’à dimanche", "Ouvert"
            ),
            _row("file-text", "share", "Charte du jardin", "modifiée hier par Zoé", "À relire", "warning"),
            _row("receipt-euro", "exchange", "Facture 2026-014", "L’Atelier, 240 €", "En retard", "danger"),
        ],
        "page": Paginator(range(120), 10).page(4),
        "answers": ["Oui, je viens", "S’il le faut", "Non"],
        "form": SampleForm({"name": "Fête de printemps", "email": "zoe@", "kind": "date"}),
        "figures": figures(),
    }


def shell() -> dict[str, Any]:
    """A shell as the portal makes it: La Fabrique, seen by Alice."""
    sections = [
        _section("share", "Partager", ("Fichiers", "folder"), ("Textes", "notebook-pen"), ("Photos", "image")),
        _section("organise", "Organiser", ("Agenda", "calendar"), ("Projets", "kanban"), ("Besoins", "hand-heart")),
        _section("decide", "Décider", ("Sondages", "vote"), ("Votes colorés", "palette"), ("Assemblées", "gavel")),
        _section("people", "Les gens", ("Membres", "id-card"), ("Cercles", "message-circle"), ("Ateliers", "hammer")),
        _section("publish", "Publier", ("Site", "newspaper"), ("Radio", "radio-tower"), ("Listes", "mails")),
        _section("place", "Le lieu", ("Réservations", "door-open"), ("Machines", "laptop"), ("Fiche", "map-pinned")),
        _section("exchange", "Échanger", ("Boutique", "shopping-basket"), ("Troc", "repeat")),
    ]
    sections[2]["tools"][0]["current"] = True
    return {
        "structure": {"name": "La Fabrique", "slug": "la-fabrique", "logo_url": "", "initials": "LF"},
        "structures": [
            {"name": "La Fabrique", "url": "#fabrique", "current": True},
            {"name": "L’Atelier", "url": "#atelier", "current": False},
        ],
        "sections": sections,
        "primary": [sections[0]["tools"][0], sections[1]["tools"][0], sections[2]["tools"][0]],
        "creates": [
            {"label": "Sondage", "url": "#sondage", "icon": "vote"},
            {"label": "Texte", "url": "#texte", "icon": "notebook-pen"},
            {"label": "Événement", "url": "#evenement", "icon": "calendar-plus"},
        ],
        "person": {"display_name": "Alice Martin", "role_label": "Administratrice", "initials": "AM"},
        "acting_for": None,
        "unread": 3,
        "urls": {name: f"#{name}" for name in PAGES},
        "shortcuts": True,
        "undo": None,
    }


def figures() -> list[SafeString]:
    members = [64, 71, 78, 90, 101, 117, 128]
    hours = charts.Series("Heures ouvertes", [32, 40, 44, 30, 38, 46, 52])
    used = charts.Series("Heures occupées", [12, 21, 30, 18, None, 36, 41])
    passes = [
        charts.Series("À la journée", [14, 18, 21, 12, 25, 27, 30]),
        charts.Series("Au mois", [8, 9, 12, 13, 15, 18, 18]),
        charts.Series("À prix libre", [3, 2, 5, 6, 4, 8, 9]),
    ]
    days, slots = ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam."], ["9 h", "11 h", "14 h", "16 h", "18 h"]
    presence: list[list[float | None]] = [
        [2, 4, 6, 5, 3],
        [5, 8, 11, 9, 4],
        [6, 7, 14, 12, 8],
        [4, 9, 10, 9, 12],
        [3, 6, 8, 7, 2],
        [1, 3, 9, None, None],
    ]
    levels = [
        charts.Level("Très favorable", "++", "#1f7a4d"),
        charts.Level("Favorable", "+", "#8cc06a"),
        charts.Level("Partagé", "~", "#f2c94c"),
        charts.Level("Défavorable", "−", "#e58a4e"),
        charts.Level("Très défavorable", "−−", "#b3332b"),
    ]
    sides = [charts.Series("Femmes", [8, 21, 34, 19, None]), charts.Series("Hommes", [6, 17, 29, 22, 9])]
    white = charts.Level("Ne sait pas", "?", "#ffffff")
    votes = [
        charts.SpectrumRow("Ouvrir le dimanche", [6, 5, 3, 2, 1], (white, white)),
        charts.SpectrumRow("Peindre la façade", [3, 6, 4, 4, 1], (white,)),
        charts.SpectrumRow("Accueillir une radio", [9, 4, 2, 1, 0]),
        charts.SpectrumRow("Augmenter la cotisation", [0, 2, 4, 6, 5]),
    ]
    return [
        charts.figure(
            charts.bars(MONTHS, members, title="Membres à jour", description="De 64 en septembre à 128 en mars"),
            charts.table(["Mois", "Membres"], zip(MONTHS, members, strict=True)),
            "Membres à jour",
        ),
        charts.figure(
            charts.stacked_bars(MONTHS, passes, title="Passes vendus, par sorte"),
            charts.table(
                ["Mois", *(one.label for one in passes)],
                zip(MONTHS, *(one.values for one in passes), strict=True),
            ),
            "Passes vendus",
        ),
        charts.figure(
            charts.line(MONTHS, [hours, used], title="Ouverture et occupation", unit=" h"),
            charts.table(["Mois", hours.label, used.label], zip(MONTHS, hours.values, used.values, strict=True)),
            "Ouverture et occupation",
        ),
        charts.figure(
            charts.heat_map(days, slots, presence, title="Présences par jour et heure"),
            charts.table(["Jour", *slots], [[day, *line] for day, line in zip(days, presence, strict=True)]),
            "Qui est là, et quand",
        ),
        charts.figure(
            charts.pyramid(AGES, *sides, title="Pyramide des âges", unknown="moins de 5"),
            charts.table(
                ["Âge", *(one.label for one in sides)], zip(AGES, *(one.values for one in sides), strict=True)
            ),
            "Qui est membre, par âge",
        ),
        charts.figure(
            charts.spectrum(votes, levels, title="Spectre des avis"),
            charts.table(
                ["Question", *(level.label for level in levels), "Ne sait pas"],
                [[row.label, *row.counts, len(row.apart)] for row in votes],
            ),
            "Spectre des avis",
        ),
    ]


def _section(slug: str, name: str, *tools: tuple[str, str]) -> dict[str, Any]:
    return {
        "slug": slug,
        "name": name,
        "tools": [
            {"name": label, "url": f"#{label.lower().replace(' ', '-')}", "icon": icon, "current": False}
            for label, icon in tools
        ],
    }


def _row(icon: str, section: str, title: str, meta: str, state: str, tone: str = "success") -> dict[str, str]:
    return {"icon": icon, "section": section, "title": title, "meta": meta, "state": state, "tone": tone}
