"""Les jeux d'énoncés en français."""

from tilios.tools.colours.library.sets import Set

SETS = (
    Set(
        "usagers",
        "Votre avis sur le lieu",
        "La satisfaction des personnes qui utilisent le lieu : accueil, horaires, prix, vie commune.",
        "Douze phrases, une couleur pour chacune. Blanc si vous ne pouvez pas répondre, noir si vous ne le voulez pas.",
        "agreement5",
        (
            ("On se sent attendu quand on arrive", "L'accueil, le premier bonjour, la visite."),
            ("Les horaires d'ouverture conviennent à mon emploi du temps", ""),
            ("Les prix sont justes", "Adhésion, location, ateliers."),
            ("On trouve facilement de l'aide pour utiliser une machine", ""),
            ("Le lieu est propre et bien rangé", ""),
            ("Il fait assez chaud en hiver, assez frais en été", ""),
            ("Le bruit reste supportable quand on travaille", ""),
            ("Je sais ce qui se passe ici la semaine prochaine", "Affiches, lettre, agenda."),
            ("Je peux proposer une activité et la mener", ""),
            ("Les décisions se prennent au grand jour", ""),
            ("Le lieu est accessible à toutes et à tous", "Marches, signalétique, boucle magnétique, transports."),
            ("Je recommanderais ce lieu à une amie", ""),
        ),
    ),
    Set(
        "meteo",
        "Météo de l'équipe",
        "Cinq minutes au début d'une réunion : comment chacun et chacune arrive.",
        "Comment allez-vous, là, maintenant ? Personne n'a à se justifier.",
        "traffic3",
        (
            ("Mon énergie du moment", ""),
            ("Ma charge de travail", ""),
            ("La clarté de ce que j'ai à faire", ""),
            ("Les relations dans l'équipe", ""),
            ("Le sens de ce que nous faisons", ""),
        ),
    ),
    Set(
        "projet",
        "Évaluer un projet",
        "À mi-parcours ou à la fin : ce qui a marché, ce qui manque.",
        "Répondez pour vous, pas pour les autres. Les remarques aident plus que les couleurs.",
        "agreement5",
        (
            ("Les objectifs étaient clairs dès le départ", ""),
            ("Nous avons touché les personnes que nous voulions toucher", ""),
            ("Les moyens étaient suffisants", "Temps, argent, matériel."),
            ("Les rôles étaient bien répartis", ""),
            ("L'information a bien circulé", ""),
            ("Nous avons su changer de route quand il le fallait", ""),
            ("Le résultat est à la hauteur de l'effort", ""),
            ("Le projet peut continuer sans nous", ""),
            ("Je recommencerais avec la même équipe", ""),
        ),
    ),
    Set(
        "nom",
        "Choisir un nom",
        "Le ressenti de chaque personne devant plusieurs noms, avant de trancher.",
        "Donnez votre aisance avec chaque nom. Remplacez ces exemples par vos noms.",
        "comfort5",
        (
            ("Le Phare", ""),
            ("La Ruche", ""),
            ("Le Grand Atelier", ""),
            ("La Manufacture", ""),
        ),
    ),
)
