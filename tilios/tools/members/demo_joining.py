"""The demonstration of joining online: an open form, and two applications that wait."""

from datetime import date
from typing import Any

from tilios.core.billing.actions import save_profile
from tilios.core.people.models import Person
from tilios.tools.members.actions.join_forms import save_join_form
from tilios.tools.members.actions.joining import apply_to_join, confirm
from tilios.tools.members.models import DuesKind, JoinForm, Rate, Status

CONSENT = (
    "Ce que vous écrivez ici sert à gérer votre adhésion et n'est lu que par les personnes qui tiennent le registre. "
    "Nous le gardons tant que vous êtes membre, puis le temps que la loi demande pour la comptabilité. "
    "Vous pouvez demander à le consulter, à le corriger ou à le faire effacer."
)
INTRODUCTION = (
    "La Fabrique est un atelier **ouvert à tout le monde**. Adhérer, c'est :\n\n"
    "- venir aux ateliers et emprunter les outils ;\n- voter en assemblée générale."
)


def load(by: Person, year: DuesKind, active: Status) -> None:
    save_profile(by=by, legal_name="La Fabrique", iban="FR7630006000011234567890189", bic="AGRIFRPP")
    form = save_join_form(
        by=by, title="Adhérer à La Fabrique", slug="adherer", introduction=INTRODUCTION, kinds=[year], status=active,
        asked={"birth_date": "optional", "address": "optional", "mobile": "optional"}, consent_text=CONSENT,
        means=["transfer", "cheque", "cash"], welcome="La prochaine permanence vous attend, samedi à partir de 10 h.",
        payment_words="Chèques à l'ordre de La Fabrique, espèces à la permanence du samedi.",
    )  # fmt: skip
    plain, free = year.rates.get(name="Plein tarif"), year.rates.get(name="Prix libre")
    home = {"street": "12 rue des Vieilles-Murailles", "postcode": "29600", "town": "Morlaix"}
    _ask(
        form, "soizic.prigent@example.org", means="cheque", message="Je viens de la part de Gus.",
        people=[_human("Soizic", "Prigent", free, 1000, date(1991, 4, 12), home, in_directory=True)],
    )  # fmt: skip
    _ask(
        form, "yann.corre@example.org", means="transfer", times=3,
        people=[
            _human("Yann", "Corre", plain, 2400, date(1984, 9, 3), home, newsletter=True),
            _human("Nolwenn", "Corre", free, 500, date(2014, 2, 20), home, photos_allowed=True),
        ],
    )  # fmt: skip


def _human(given: str, family: str, rate: Rate, cents: int, born: date, home: dict[str, str], **agreed: bool) -> Any:
    return {
        "given_name": given, "family_name": family, "birth_date": born, "rate": rate, "amount_cents": cents,
        "said": home, **agreed,
    }  # fmt: skip


def _ask(form: JoinForm, email: str, *, people: list[Any], **said: Any) -> None:
    confirm(application=apply_to_join(form=form, people=people, email=email, **said))
