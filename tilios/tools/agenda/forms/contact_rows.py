"""The lines of a contact that come several times."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

USES = (
    ("", "—"),
    ("work", pgettext_lazy("use of an address", "Work")),
    ("home", pgettext_lazy("use of an address", "Home")),
)
PHONE_USES = (*USES, ("cell", pgettext_lazy("use of a telephone", "Mobile")), ("fax", gettext_lazy("Fax")))
#: Social networks, by the word that programs write; those of the fediverse first.
NETWORKS = (
    ("", "—"),
    ("mastodon", "Mastodon"),
    ("peertube", "PeerTube"),
    ("pixelfed", "Pixelfed"),
    ("diaspora", "diaspora*"),
    ("bluesky", "Bluesky"),
    ("facebook", "Facebook"),
    ("instagram", "Instagram"),
    ("linkedin", "LinkedIn"),
    ("twitter", "X (Twitter)"),
    ("youtube", "YouTube"),
)
RELATIONS = (
    ("", "—"),
    ("spouse", pgettext_lazy("a relation", "Spouse or partner")),
    ("child", pgettext_lazy("a relation", "Child")),
    ("parent", pgettext_lazy("a relation", "Parent")),
    ("sibling", pgettext_lazy("a relation", "Brother or sister")),
    ("friend", pgettext_lazy("a relation", "Friend")),
    ("colleague", pgettext_lazy("a relation", "Colleague")),
    ("agent", pgettext_lazy("a relation", "Acts for them")),
    ("emergency", pgettext_lazy("a relation", "To call in an emergency")),
)
MORE_ROWS = 2
USE = pgettext_lazy("of an address", "Use")


class MailRow(forms.Form):
    value = forms.EmailField(label=gettext_lazy("Mail address"), required=False)
    use = forms.ChoiceField(label=USE, choices=USES, required=False)


class PhoneRow(forms.Form):
    value = forms.CharField(
        label=gettext_lazy("Telephone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    use = forms.ChoiceField(label=USE, choices=PHONE_USES, required=False)


class PlaceRow(forms.Form):
    street = forms.CharField(label=gettext_lazy("Street"), max_length=200, required=False)
    postcode = forms.CharField(label=gettext_lazy("Postcode"), max_length=20, required=False)
    town = forms.CharField(label=gettext_lazy("Town"), max_length=100, required=False)
    country = forms.CharField(label=gettext_lazy("Country"), max_length=100, required=False)
    use = forms.ChoiceField(label=USE, choices=USES, required=False)


class SiteRow(forms.Form):
    value = forms.URLField(label=gettext_lazy("Website"), max_length=500, required=False, assume_scheme="https")
    use = forms.ChoiceField(label=USE, choices=USES, required=False)


class SocialRow(forms.Form):
    value = forms.URLField(
        label=pgettext_lazy("on a social network", "Address of the page"),
        max_length=500,
        required=False,
        assume_scheme="https",
    )
    use = forms.ChoiceField(label=gettext_lazy("Network"), choices=NETWORKS, required=False)


class MessengerRow(forms.Form):
    value = forms.RegexField(
        r"^[A-Za-z][A-Za-z0-9+.-]*:\S+$",
        label=gettext_lazy("Address for messages"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("For example xmpp:zoe@example.org or matrix:u/zoe:example.org."),
        error_messages={"invalid": gettext_lazy("Begin with what it is: xmpp:, matrix:, sip:…")},
    )


class RelatedRow(forms.Form):
    value = forms.CharField(label=pgettext_lazy("somebody related", "Name"), max_length=300, required=False)
    use = forms.ChoiceField(label=gettext_lazy("Who they are"), choices=RELATIONS, required=False)


MailRows: Any = forms.formset_factory(MailRow, extra=MORE_ROWS, max_num=30)
PhoneRows: Any = forms.formset_factory(PhoneRow, extra=MORE_ROWS, max_num=30)
PlaceRows: Any = forms.formset_factory(PlaceRow, extra=1, max_num=10)
SiteRows: Any = forms.formset_factory(SiteRow, extra=1, max_num=20)
SocialRows: Any = forms.formset_factory(SocialRow, extra=1, max_num=20)
MessengerRows: Any = forms.formset_factory(MessengerRow, extra=1, max_num=20)
RelatedRows: Any = forms.formset_factory(RelatedRow, extra=1, max_num=30)
