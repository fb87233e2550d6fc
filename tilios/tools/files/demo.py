"""The demonstration: what a place shares, as it is after a year or two."""

import io
from datetime import UTC, datetime
from typing import Any

from PIL import Image, ImageDraw

from tilios.core.blobs import actions as blobs
from tilios.core.people.models import Person
from tilios.core.people.queries import active_people
from tilios.core.structures.scope import current_structure
from tilios.tools.files.actions import trash
from tilios.tools.files.actions.spaces import open_spaces
from tilios.tools.files.actions.writing import make_folder, write_file
from tilios.tools.files.models import Item, Space

MINUTES = """# Conseil collégial du {day}

Présentes et présents : Alice, Manon, Samira, Yves, Lucie. Excusé : Ahmed.

## 1. L'atelier bois

La scie à ruban est réparée. Les visites reprennent le mercredi et le samedi, sur inscription.

## 2. Les comptes

Il reste 4 320 € au compte courant. La subvention de la commune arrive en mars.

## 3. À faire

- Samira relance l'assurance avant la fin du mois.
- Yves commande deux tables pour la grande salle.
"""
BUDGET = """Poste;Prévu;Réalisé
Loyer;9600;9600
Électricité et chauffage;3200;3580
Assurance;740;740
Outils et entretien;2100;1650
Adhésions;-4200;-4460
Location des salles;-6800;-7210
Subvention de la commune;-5000;-5000
"""
WELCOME = """# Bienvenue dans les fichiers de La Fabrique

- **Comptes rendus** : les réunions du conseil, par année.
- **Photos** : prises par tout le monde, à réutiliser librement.
- **Statuts et règlement** : ce que l'assemblée a voté.

Une question ? Demandez à Manon.
"""
RULES = """RÈGLEMENT INTÉRIEUR

Article 1. La clé se rend le soir même.
Article 2. Chaque machine a une personne qui sait s'en servir : demandez-lui avant la première fois.
Article 3. On range, on balaie, on éteint.
Article 4. Le bruit s'arrête à 21 heures.
"""
#: Colours of the sky, the ground and the houses of each picture.
PICTURES = {
    "Façade au printemps.png": ("#9cc7e4", "#7a9a4e", "#c2563a"),
    "Fête d'été.png": ("#f3b45b", "#c98f43", "#7d3b5e"),
    "Atelier sous la neige.png": ("#c9d3de", "#f2f2ee", "#4a5f7a"),
}


def load(by: Person) -> None:
    """Folders and files of the structure in scope: a shelf in La Fabrique, a note at its neighbour's."""
    shelf = _Shelf(by)
    if current_structure().slug != "la-fabrique":
        shelf.text("Lisez-moi.md", "# Bienvenue\n\nDéposez ici ce que vous voulez partager.\n", "2026-03-02")
        return
    shelf.text("Bienvenue.md", WELCOME, "2026-01-12")
    shelf.text("Budget 2026.csv", BUDGET.replace("3580", "3200"), "2026-02-03")
    shelf.text("Budget 2026.csv", BUDGET, "2026-10-15")
    minutes = shelf.folder("Comptes rendus")
    for year, days in (("2025", ("14 octobre", "9 décembre")), ("2026", ("13 janvier", "10 mars", "12 mai"))):
        inside = shelf.folder(year, minutes)
        for number, day in enumerate(days):
            name = f"Conseil du {day} {year}.md"
            shelf.text(name, MINUTES.format(day=f"{day} {year}"), f"{year}-{3 + number:02}-20", inside)
    statutes = shelf.folder("Statuts et règlement")
    shelf.text("Règlement intérieur.txt", RULES, "2025-04-02", statutes)
    photos = shelf.folder("Photos")
    for number, (name, colours) in enumerate(PICTURES.items()):
        shelf.put(name, _picture(*colours), f"2026-0{number + 4}-11", photos)
    shelf.put("Plan du lieu.png", _plan(), "2025-09-30")
    old = shelf.text("Ancien budget.csv", BUDGET, "2024-02-03")
    trash.trash_item(by=by, rights=shelf.rights, item=old)
    manon = next((one for one in active_people() if one.given_name == "Manon"), by)
    own = _Shelf(manon, Space.PERSONAL)
    own.text("Idées pour la fête.txt", "Un four à pain, une fanfare, des tables sous les arbres.\n", "2026-06-01")


class _Shelf:
    """A space of the structure, filled by one person."""

    def __init__(self, by: Person, space: Space = Space.COMMON) -> None:
        self.by, self.rights = by, open_spaces(by)
        roots = Item.objects.filter(parent=None, space=space)
        self.top = roots.get(owner=by) if space == Space.PERSONAL else roots.get()

    def folder(self, name: str, parent: Item | None = None) -> Item:
        return make_folder(by=self.by, rights=self.rights, parent=parent or self.top, name=name)

    def text(self, name: str, text: str, day: str, parent: Item | None = None) -> Item:
        return self.put(name, text.encode(), day, parent)

    def put(self, name: str, content: bytes, day: str, parent: Item | None = None) -> Item:
        moment = datetime.fromisoformat(f"{day}T10:30:00").replace(tzinfo=UTC)
        file, _is_new = write_file(
            by=self.by,
            rights=self.rights,
            parent=parent or self.top,
            name=name,
            blob=blobs.store(io.BytesIO(content), name=name),
            modified_ms=int(moment.timestamp() * 1000),
        )
        return file


def _picture(sky: str, ground: str, houses: str) -> bytes:
    image = Image.new("RGB", (1200, 800), sky)
    draw: Any = ImageDraw.Draw(image)
    draw.rectangle((0, 560, 1200, 800), fill=ground)
    for left, width, height in ((120, 260, 260), (400, 320, 360), (760, 300, 230)):
        top = 600 - height
        draw.rectangle((left, top, left + width, 600), fill=houses)
        draw.polygon([(left - 24, top), (left + width // 2, top - 130), (left + width + 24, top)], fill="#3b2a26")
        for row in range(2):
            for column in range(3):
                x, y = left + 26 + column * (width - 40) // 3, top + 40 + row * 90
                draw.rectangle((x, y, x + 44, y + 56), fill="#f7edc8")
    draw.ellipse((980, 60, 1100, 180), fill="#fff3b0")
    return _png(image)


def _plan() -> bytes:
    image = Image.new("RGB", (1400, 900), "#fdfbf4")
    draw: Any = ImageDraw.Draw(image)
    for box in ((60, 60, 820, 500), (820, 60, 1340, 500), (60, 500, 460, 840), (460, 500, 1340, 840)):
        draw.rectangle(box, outline="#1f2a44", width=10)
    for box in ((300, 490, 420, 510), (810, 220, 830, 340), (700, 490, 840, 510)):
        draw.rectangle(box, fill="#fdfbf4")
    for box in ((140, 140, 340, 240), (420, 140, 620, 240), (900, 140, 1100, 420), (560, 600, 1200, 700)):
        draw.rounded_rectangle(box, 18, fill="#d9c7a0", outline="#8a6d3b", width=4)
    return _png(image)


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
