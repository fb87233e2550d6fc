"""What archives and erasure need to know of members (docs/archive-format.md)."""

import secrets

from django.utils.translation import pgettext_lazy

PERSONAL = {
    "members.Record": "delete",
    "members.SavedSearch": "unlinked",
    "members.Contribution": "delete",
    "members.Contribution.payer": "unlinked",
    "members.Contribution.created_by": "unlinked",
    "members.LateLetter": "delete",
    "members.Mailing.created_by": "unlinked",
    "members.Mailing.sent_by": "unlinked",
    "members.MassEdit.created_by": "unlinked",
    "members.MassEditRow": "delete",
    "members.MemberImport.created_by": "unlinked",
    "members.MemberImportRow": "delete",
    "members.Application.decided_by": "unlinked",
    "members.MadePaper": "delete",
}

LABELS = {
    "members.Affiliation": pgettext_lazy("rows of a table", "Places in member organisations"),
    "members.Answer": pgettext_lazy("rows of a table", "What records say in the fields of the structure"),
    "members.CommunitySettings": pgettext_lazy("rows of a table", "Settings of the figures of the community"),
    "members.Contribution": pgettext_lazy("rows of a table", "Dues of members"),
    "members.DebitNotice": pgettext_lazy("rows of a table", "Direct debits announced"),
    "members.Delivery": pgettext_lazy("rows of a table", "Letters of mailings, one for each address"),
    "members.DuesKind": pgettext_lazy("rows of a table", "Kinds of dues"),
    "members.Family": pgettext_lazy("rows of a table", "Families"),
    "members.Field": pgettext_lazy("rows of a table", "Fields of the register"),
    "members.LateLetter": pgettext_lazy("rows of a table", "Reminders of what is late sent"),
    "members.LateReminded": pgettext_lazy("rows of a table", "Amounts reminded of"),
    "members.LateRule": pgettext_lazy("rows of a table", "Reminders of what is late"),
    "members.Mailing": pgettext_lazy("rows of a table", "Letters sent by mail"),
    "members.Card": pgettext_lazy("rows of a table", "Cards of members"),
    "members.LabelSheet": pgettext_lazy("rows of a table", "Sheets of labels"),
    "members.LetterTemplate": pgettext_lazy("rows of a table", "Letters to members"),
    "members.MadePaper": pgettext_lazy("rows of a table", "Papers of members being made"),
    "members.MassEdit": pgettext_lazy("rows of a table", "Changes of many members"),
    "members.MassEditRow": pgettext_lazy("rows of a table", "Records in changes of many members"),
    "members.MemberImport": pgettext_lazy("rows of a table", "Imports of members"),
    "members.MemberImportRow": pgettext_lazy("rows of a table", "Lines of imports of members"),
    "members.NotSame": pgettext_lazy("rows of a table", "Records that are not the same"),
    "members.Office": pgettext_lazy("rows of a table", "Offices"),
    "members.Opened": pgettext_lazy("rows of a table", "What dues have opened"),
    "members.Opening": pgettext_lazy("rows of a table", "What dues open"),
    "members.PlacesCount": pgettext_lazy("rows of a table", "Numbers of places"),
    "members.Posted": pgettext_lazy("rows of a table", "Letters of mailings in the outbox"),
    "members.Rate": pgettext_lazy("rows of a table", "Rates of dues"),
    "members.RateStatus": pgettext_lazy("rows of a table", "Rates by status"),
    "members.Record": pgettext_lazy("rows of a table", "Records of members"),
    "members.RegisterSettings": pgettext_lazy("rows of a table", "Settings of the register"),
    "members.ReminderRule": pgettext_lazy("rows of a table", "Reminders of dues"),
    "members.ReminderSent": pgettext_lazy("rows of a table", "Reminders of dues sent"),
    "members.SavedSearch": pgettext_lazy("rows of a table", "Searches kept"),
    "members.Status": pgettext_lazy("rows of a table", "Statuses of members"),
    "members.Applicant": pgettext_lazy("rows of a table", "People who asked to join"),
    "members.Application": pgettext_lazy("rows of a table", "Applications to join"),
    "members.JoinForm": pgettext_lazy("rows of a table", "Forms to join by"),
    "members.Wait": pgettext_lazy("rows of a table", "Times during which people waited for a place"),
    "members.Term": pgettext_lazy("rows of a table", "Terms of office"),
}

NOT_SECRET = {"members.Field.key": "the word of a field in formulas; it opens nothing"}

SECRETS = {"members.Delivery": {"key": lambda there: secrets.token_hex(10)}}

LEFT_OUT = {
    "members.Posted": "letters in the outbox of this server",
    "members.MassEdit": "keeps what undoing a change needs, by numbers of this server; members are in the archive",
    "members.MassEditRow": "goes with members.MassEdit",
    "members.MemberImport": "keeps what undoing an import needs, by numbers of this server; members are in the archive",
    "members.MemberImportRow": "goes with members.MemberImport",
    "members.Card": "what its QR says is an address of this server, signed by it; elsewhere new ones are made",
    "members.MadePaper": "a paper kept for a day, made again at one press",
}
