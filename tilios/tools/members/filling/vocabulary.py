"""Which words each sort of letter knows, for whoever writes it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tilios.core.people.models import Person
from tilios.tools.members import rules
from tilios.tools.members.filling.notation import Vocabulary, Word
from tilios.tools.members.models import FieldKind
from tilios.tools.members.queries import fields

NAMED = (
    Word("civility", "civilite", _("Form of address")),
    Word("name", "nom", _("First and last name, or name of the family or the organisation")),
    Word("given_name", "prenom", _("First name; those of a family, one after the other")),
    Word("family_name", "nom_de_famille", _("Last name")),
)
STANDING = (
    Word("number", "numero", _("Member number")),
    Word("status", "statut", _("Status")),
    Word("joined_on", "membre_depuis", _("Member since")),
    Word("dues_end", "fin_adhesion", _("Last day that the dues cover")),
    Word("email", "courriel", _("Mail address")),
    Word("town", "ville", _("Town")),
)
TODAY = Word("today", "date", _("Day of the letter"))
STRUCTURE = Word("structure", "structure", _("Name of the structure"))
LINK = Word("link", "lien", _("Address of the member's own page"))
#: Those of the money: for whoever keeps it.
MONEY = (Word("amount_due", "reste_a_payer", _("What is left to pay, for all the letter is to")),)
OF_RECORDS = (*NAMED, *STANDING, TODAY, STRUCTURE, *MONEY)
REMINDED = (
    Word("kind", "cotisation", pgettext_lazy("a word of reminders", "Name of the dues")),
    Word("end", "fin_adhesion", _("Last day that the dues cover")),
    Word("amount", "montant", pgettext_lazy("a word of reminders", "Amount of the dues")),
    Word("link", "lien", _("Address of the page where they are renewed")),
)
LATE = (
    Word("owed", "retards", _("All that is late, one a line")),
    Word("total", "total", _("The sum of what is late")),
    Word("how_to_pay", "comment_payer", _("Your IBAN and what to write on the transfer")),
    Word("link", "lien", _("Address of the member's own page")),
)


def for_papers(person: Person) -> Vocabulary:
    """What `person` may write in letters on paper. One query."""
    return _for(person, (*NAMED, *STANDING, TODAY, STRUCTURE))


def for_mails(person: Person | None) -> Vocabulary:
    """What `person` may write in letters by mail; without anybody, what everybody may. One query at most."""
    return _for(person, (*NAMED, *STANDING, LINK, TODAY, STRUCTURE))


def for_reminders() -> Vocabulary:
    """What reminders of dues that end may say."""
    return Vocabulary((*NAMED, *REMINDED, TODAY, STRUCTURE))


def for_late_letters() -> Vocabulary:
    """What reminders of what is late may say."""
    return Vocabulary((*NAMED, *LATE, TODAY, STRUCTURE))


def _for(person: Person | None, words: tuple[Word, ...]) -> Vocabulary:
    # SECURITY: whoever writes a word reads what it stands for, of everybody the letter is to.
    if person is None or not rules.keeps_register(person):
        return Vocabulary(words, closed=MONEY)
    own = {field.key: field.name for field in fields() if field.kind != FieldKind.FILE}
    return Vocabulary(words + MONEY, own) if rules.keeps_money(person) else Vocabulary(words, own, closed=MONEY)
