"""Make the login of somebody who has proved their address."""

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Conflict, Invalid
from tilios.core.people.models import Account


@transaction.atomic
def create_account(*, email: str, name: str, password: str, language: str = "") -> Account:
    """A login for whoever has shown that `email` is theirs: it counts as verified.

    Raises Invalid("name"), Invalid("password") with the validators' words, Conflict when the address has a login.
    """
    email, name = email.strip().lower(), " ".join(name.split())[:120]
    if not name:
        raise Invalid("name", _("Please give a name."))
    try:
        validate_password(password, Account(email=email, name=name))
    except ValidationError as error:
        raise Invalid("password", " ".join(error.messages)) from error
    taken = Conflict(_("There is already an account with this address: sign in."))
    if EmailAddress.objects.filter(email__iexact=email).exists():
        raise taken
    try:
        with transaction.atomic():
            account = Account.objects.create_user(email, password, name=name, language=language)
            EmailAddress.objects.create(user=account, email=email, verified=True, primary=True)
    except IntegrityError as error:
        raise taken from error
    return account
