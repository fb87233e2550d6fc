from datetime import datetime

import pytest
from django.utils.translation import override

from tilios.kit.zones import zone
from tilios.tools.agenda.prose import sentence

PARIS = zone("Europe/Paris")
#: A Tuesday.
START = datetime(2025, 3, 11, 19)


def said(rule, language):
    with override(language):
        return sentence(rule, START, zone=PARIS)


@pytest.mark.parametrize(
    ("rule", "french", "english"),
    [
        ("FREQ=DAILY", "tous les jours", "every day"),
        ("FREQ=DAILY;INTERVAL=3", "tous les trois jours", "every three days"),
        ("FREQ=DAILY;INTERVAL=10;COUNT=4", "tous les 10 jours, 4 fois", "every 10 days, 4 times"),
        ("FREQ=DAILY;COUNT=1", "tous les jours, une fois", "every day, once"),
        ("FREQ=WEEKLY", "tous les mardis", "every Tuesday"),
        ("FREQ=WEEKLY;BYDAY=SU", "tous les dimanches", "every Sunday"),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;UNTIL=20270603T215959Z",
            "toutes les deux semaines, le mardi et le jeudi, jusqu'au 3 juin 2027",
            "every two weeks, on Tuesday and Thursday, until June 3, 2027",
        ),
        (
            "FREQ=WEEKLY;BYDAY=MO,WE,FR",
            "toutes les semaines, le lundi, le mercredi et le vendredi",
            "every week, on Monday, Wednesday and Friday",
        ),
        (
            "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
            "toutes les semaines, du lundi au vendredi",
            "every week, from Monday to Friday",
        ),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", "tous les jours", "every day"),
        (
            "FREQ=DAILY;BYDAY=SA,SU",
            "toutes les semaines, le samedi et le dimanche",
            "every week, on Saturday and Sunday",
        ),
        (
            "FREQ=WEEKLY;BYMONTH=7,8;BYDAY=TU",
            "tous les mardis, en juillet et août",
            "every Tuesday, in July and August",
        ),
        ("FREQ=MONTHLY", "tous les mois, le 11", "every month, on the 11th"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,22", "tous les mois, le 1er et le 22", "every month, on the 1st and the 22nd"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "tous les mois, le dernier jour", "every month, on the last day"),
        ("FREQ=MONTHLY;BYDAY=2TU", "le deuxième mardi du mois", "the second Tuesday of the month"),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2", "le deuxième mardi du mois", "the second Tuesday of the month"),
        (
            "FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR",
            "tous les trois mois, le dernier vendredi",
            "every three months, on the last Friday",
        ),
        ("FREQ=YEARLY", "tous les ans, le 11 mars", "every year, on March 11"),
        ("FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=1", "tous les ans, le 1er mai", "every year, on May 1"),
        (
            "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
            "tous les ans, le dernier dimanche, en mars",
            "every year, on the last Sunday, in March",
        ),
        (
            "FREQ=YEARLY;INTERVAL=2;UNTIL=20300101",
            "tous les deux ans, le 11 mars, jusqu'au 1er janvier 2030",
            "every two years, on March 11, until Jan. 1, 2030",
        ),
        (
            "FREQ=DAILY;UNTIL=20250630T220000Z",
            "tous les jours, jusqu'au 30 juin 2025",
            "every day, until June 30, 2025",
        ),
        ("FREQ=HOURLY;INTERVAL=6", "toutes les six heures", "every six hours"),
        ("", "", ""),
    ],
)
def test_a_rule_is_a_sentence(rule, french, english):
    assert said(rule, "fr") == french
    assert said(rule, "en") == english


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
        "FREQ=YEARLY;BYYEARDAY=100",
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1",
        "FREQ=DAILY;BYHOUR=9,17",
        "FREQ=YEARLY;BYDAY=20MO",
        "FREQ=MONTHLY;BYMONTHDAY=-3",
        "FREQ=PARFOIS",
    ],
)
def test_a_rule_without_a_plain_sentence_says_so(rule):
    assert said(rule, "fr") == "selon une règle particulière"
    assert said(rule, "en") == "by a rule of its own"
