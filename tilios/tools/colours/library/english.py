"""The sets of statements in English."""

from tilios.tools.colours.library.sets import Set

SETS = (
    Set(
        "usagers",
        "Your opinion of the place",
        "How satisfied the people who use the place are: welcome, hours, prices, life together.",
        "Twelve sentences, one colour each. White if you cannot answer, black if you do not want to.",
        "agreement5",
        (
            ("One feels expected on arrival", "The welcome, the first hello, the tour."),
            ("The opening hours suit my days", ""),
            ("Prices are fair", "Membership, rental, workshops."),
            ("It is easy to find help to use a machine", ""),
            ("The place is clean and tidy", ""),
            ("It is warm enough in winter, cool enough in summer", ""),
            ("Noise stays bearable when one works", ""),
            ("I know what happens here next week", "Posters, letter, agenda."),
            ("I can propose an activity and lead it", ""),
            ("Decisions are taken in the open", ""),
            ("The place is accessible to everybody", "Steps, signs, hearing loop, transport."),
            ("I would recommend this place to a friend", ""),
        ),
    ),
    Set(
        "meteo",
        "Team weather",
        "Five minutes at the start of a meeting: how each one arrives.",
        "How are you, here and now? Nobody has to explain.",
        "traffic3",
        (
            ("My energy at this moment", ""),
            ("My workload", ""),
            ("How clear my tasks are", ""),
            ("Relations in the team", ""),
            ("The meaning of what we do", ""),
        ),
    ),
    Set(
        "projet",
        "Evaluate a project",
        "Half way or at the end: what worked, what is missing.",
        "Answer for yourself, not for the others. Remarks help more than colours.",
        "agreement5",
        (
            ("The aims were clear from the start", ""),
            ("We reached the people we wanted to reach", ""),
            ("Means were sufficient", "Time, money, equipment."),
            ("Roles were well shared out", ""),
            ("Information went round", ""),
            ("We changed course when we had to", ""),
            ("The result is worth the effort", ""),
            ("The project can go on without us", ""),
            ("I would do it again with the same team", ""),
        ),
    ),
    Set(
        "nom",
        "Choose a name",
        "How each one feels about several names, before choosing.",
        "Say how comfortable you are with each name. Put your own names in place of these.",
        "comfort5",
        (
            ("The Lighthouse", ""),
            ("The Hive", ""),
            ("The Big Workshop", ""),
            ("The Mill", ""),
        ),
    ),
)
