from datetime import datetime

import pytest

from tilios.kit.refusals import Refusal
from tilios.kit.zones import zone
from tilios.tools.agenda.quick import read

#: A Wednesday.
NOW = datetime(2025, 11, 26, 15, tzinfo=zone("Europe/Paris"))


def said(text, language="fr"):
    """A line read, as one text: title, start, end, place, rule."""
    quick = read(text, now=NOW, language=language)
    form = "%d/%m/%Y" if quick.is_all_day else "%d/%m/%Y %H:%M"
    return " | ".join((quick.summary, quick.start.strftime(form), quick.end.strftime(form), quick.place, quick.rrule))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("réunion jeudi 14h-16h salle bleue", "réunion | 27/11/2025 14:00 | 27/11/2025 16:00 | salle bleue | "),
        ("demain midi repas partagé au jardin", "repas partagé | 27/11/2025 12:00 | 27/11/2025 13:00 | jardin | "),
        ("3 décembre atelier soudure 18h30", "atelier soudure | 03/12/2025 18:30 | 03/12/2025 19:30 |  | "),
        ("du 12 au 14 mars festival", "festival | 12/03/2026 | 15/03/2026 |  | "),
        ("tous les mardis 19h chorale", "chorale | 02/12/2025 19:00 | 02/12/2025 20:00 |  | FREQ=WEEKLY;BYDAY=TU"),
        (
            "Chorale tous les mercredis à 19 h",
            "Chorale | 26/11/2025 19:00 | 26/11/2025 20:00 |  | FREQ=WEEKLY;BYDAY=WE",
        ),
        ("AG samedi 6 décembre de 9h30 à 17h à la mairie", "AG | 06/12/2025 09:30 | 06/12/2025 17:00 | mairie | "),
        ("permanence lundi prochain 10h", "permanence | 01/12/2025 10:00 | 01/12/2025 11:00 |  | "),
        (
            "après-demain petit-déjeuner d'accueil 8h30-10h",
            "petit-déjeuner d'accueil | 28/11/2025 08:30 | 28/11/2025 10:00 |  | ",
        ),
        ("AG 14 h 30 - 16 h demain", "AG | 27/11/2025 14:30 | 27/11/2025 16:00 |  | "),
        ("concert ce soir", "concert | 26/11/2025 20:00 | 26/11/2025 21:00 |  | "),
        ("concert ce soir 20h30 @ la Fabrique", "concert | 26/11/2025 20:30 | 26/11/2025 21:30 | Fabrique | "),
        ("réunion de bureau 18h", "réunion de bureau | 26/11/2025 18:00 | 26/11/2025 19:00 |  | "),
        ("appel 9h", "appel | 27/11/2025 09:00 | 27/11/2025 10:00 |  | "),
        ("fête du 31 décembre au 2 janvier", "fête | 31/12/2025 | 03/01/2026 |  | "),
        ("congés du lundi 22 au mercredi 24 décembre", "congés | 22/12/2025 | 25/12/2025 |  | "),
        ("soirée jeux 05/12 20h-0h30 chez Bob", "soirée jeux | 05/12/2025 20:00 | 06/12/2025 00:30 | Bob | "),
        (
            "le premier mardi du mois 18h30 conseil",
            "conseil | 02/12/2025 18:30 | 02/12/2025 19:30 |  | FREQ=MONTHLY;BYDAY=1TU",
        ),
        (
            "toutes les deux semaines panier jeudi 18h",
            "panier | 27/11/2025 18:00 | 27/11/2025 19:00 |  | FREQ=WEEKLY;INTERVAL=2",
        ),
        (
            "un samedi sur deux atelier vélo 14h-17h",
            "atelier vélo | 29/11/2025 14:00 | 29/11/2025 17:00 |  | FREQ=WEEKLY;INTERVAL=2;BYDAY=SA",
        ),
        (
            "tous les lundis et jeudis 12h15 sport pendant 45 min jusqu'au 3 juin",
            "sport | 27/11/2025 12:15 | 27/11/2025 13:00 |  | FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20260603T215959Z",
        ),
        ("tous les mois loyer", "loyer | 26/11/2025 | 27/11/2025 |  | FREQ=MONTHLY"),
        (
            "tous les jeudis yoga 18h à partir du 10 décembre",
            "yoga | 11/12/2025 18:00 | 11/12/2025 19:00 |  | FREQ=WEEKLY;BYDAY=TH",
        ),
        ("tous les mercredis 9h marché", "marché | 03/12/2025 09:00 | 03/12/2025 10:00 |  | FREQ=WEEKLY;BYDAY=WE"),
        ("inventaire le 15", "inventaire | 15/12/2025 | 16/12/2025 |  | "),
        ("atelier 2026-02-03 à 14h", "atelier | 03/02/2026 14:00 | 03/02/2026 15:00 |  | "),
        ("vendredi matin ménage", "ménage | 28/11/2025 09:00 | 28/11/2025 10:00 |  | "),
        ("29 février bissextile", "bissextile | 29/02/2028 | 01/03/2028 |  | "),
        ("1er décembre ouverture", "ouverture | 01/12/2025 | 02/12/2025 |  | "),
        ("dans 3 jours livraison à l'atelier", "livraison | 29/11/2025 | 30/11/2025 | atelier | "),
        ("salle bleue en travaux demain", "salle bleue en travaux | 27/11/2025 | 28/11/2025 |  | "),
    ],
)
def test_a_line_of_french_is_understood(text, expected):
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("meeting thursday 2-4pm blue room", "meeting | 27/11/2025 14:00 | 27/11/2025 16:00 | blue room | "),
        ("tomorrow noon lunch in the garden", "lunch | 27/11/2025 12:00 | 27/11/2025 13:00 | garden | "),
        ("December 3rd welding workshop 6:30pm", "welding workshop | 03/12/2025 18:30 | 03/12/2025 19:30 |  | "),
        ("festival from 12 to 14 march", "festival | 12/03/2026 | 15/03/2026 |  | "),
        ("every tuesday 7pm choir", "choir | 02/12/2025 19:00 | 02/12/2025 20:00 |  | FREQ=WEEKLY;BYDAY=TU"),
        (
            "board meeting on friday from 10am to 12pm at the town hall",
            "board meeting | 28/11/2025 10:00 | 28/11/2025 12:00 | town hall | ",
        ),
        ("call 11am-1pm tomorrow", "call | 27/11/2025 11:00 | 27/11/2025 13:00 |  | "),
        ("call 11-1pm tomorrow", "call | 27/11/2025 11:00 | 27/11/2025 13:00 |  | "),
        (
            "every other monday 9:00-10:30 stand-up",
            "stand-up | 01/12/2025 09:00 | 01/12/2025 10:30 |  | FREQ=WEEKLY;INTERVAL=2;BYDAY=MO",
        ),
        (
            "last friday of the month 6pm drinks",
            "drinks | 28/11/2025 18:00 | 28/11/2025 19:00 |  | FREQ=MONTHLY;BYDAY=-1FR",
        ),
        ("holiday march 12-14", "holiday | 12/03/2026 | 15/03/2026 |  | "),
        ("daily 9am coffee for 15 minutes", "coffee | 27/11/2025 09:00 | 27/11/2025 09:15 |  | FREQ=DAILY"),
        ("in 2 weeks inventory", "inventory | 10/12/2025 | 11/12/2025 |  | "),
        ("concert tonight", "concert | 26/11/2025 20:00 | 26/11/2025 21:00 |  | "),
    ],
)
def test_a_line_of_english_is_understood(text, expected):
    assert said(text, "en") == expected


@pytest.mark.parametrize("text", ["", "   ", "réunion", "salle bleue", "45 minutes", "réunion le 45 mars", "\0"])
def test_a_line_without_a_time_is_refused(text):
    with pytest.raises(Refusal) as refused:
        read(text, now=NOW)
    assert refused.value.code == "when"


@pytest.mark.parametrize("text", ["demain 14h", "tous les mardis 19h", "jeudi"])
def test_a_line_without_a_title_is_refused(text):
    with pytest.raises(Refusal) as refused:
        read(text, now=NOW)
    assert refused.value.code == "title"
