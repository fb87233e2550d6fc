"""The forms of allauth where guessing is slowed by our own count (settings.ACCOUNT_FORMS, settings.MFA_FORMS)."""

from typing import Any

from allauth.account import forms as account_forms
from allauth.core import context
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tilios.core.access import attempts, known_devices, networks


class LoginForm(account_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, login=_("E-mail address"), password=_("Password"))


class ResetPasswordForm(account_forms.ResetPasswordForm):
    """Asking for a reset: counted by address and by network, known or not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, email=_("E-mail address"))

    def clean_email(self) -> str:
        who = {"reset": self.cleaned_data["email"], "resets": networks.network(context.request)}
        if wait := attempts.begin(**who):
            raise ValidationError(attempts.too_many(wait), code="too_many")
        return super().clean_email()


class ChangePasswordForm(account_forms.ChangePasswordForm):
    """The present password is asked: somebody at an open session does not guess it faster than at the door."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(
            self, oldpassword=_("Present password"), password1=_("New password"), password2=_("The new password again")
        )

    def clean_oldpassword(self) -> str:
        with _password_tries(self.user):
            return super().clean_oldpassword()


class SetPasswordForm(account_forms.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, password1=_("New password"), password2=_("The new password again"))


class ResetPasswordKeyForm(account_forms.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, password1=_("New password"), password2=_("The new password again"))


class ReauthenticateForm(account_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, password=_("Password"))


class AddEmailForm(account_forms.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, email=_("New address"))


class _SlowCodes:
    """A six-digit code is guessed in a million tries: five free ones, then waits that double."""

    user: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, code=_("Code"))
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        who = {"code": str(self.user.pk), "network": networks.network(context.request)}
        if wait := attempts.begin(**who):
            raise ValidationError(attempts.too_many(wait), code="too_many")
        code = super().clean_code()  # type: ignore[misc]
        attempts.succeeded(**who)
        return code


class AuthenticateForm(_SlowCodes, mfa_forms.AuthenticateForm):
    pass


class ReauthenticateCodeForm(_SlowCodes, mfa_forms.ReauthenticateForm):
    pass


class ActivateCodeForm(totp_forms.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, code=_("Code shown by the application"))
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}


class AddPasskeyForm(webauthn_forms.AddWebAuthnForm):
    """A key that signs in alone, unless one unticks it to keep it as a second lock only."""

    field_order = ["name", "passwordless", "credential"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, name=_("Name of this key"), passwordless=_("Sign in with this key alone, without a password"))
        self.fields["name"].help_text = _("To tell it from the others: my phone, the office computer…")
        self.fields["name"].max_length = 100
        self.fields["passwordless"].help_text = _("Your device then asks for its own code, your finger or your face.")
        self.fields["passwordless"].initial = True


class EditPasskeyForm(webauthn_forms.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, name=_("Name of this key"))


def plain(form: Any, **labels: Any) -> None:
    """Give the fields of `form` our words, and take away the placeholders that repeat them."""
    for name, label in labels.items():
        if name in form.fields:
            field: forms.Field = form.fields[name]
            field.label = label
            field.widget.attrs.pop("placeholder", None)


class _password_tries:  # noqa: N801 (used as a function)
    """Count a try at the password of `user`; take it back when the block ends well."""

    def __init__(self, user: Any) -> None:
        self.who = known_devices.who(context.request, user.email)

    def __enter__(self) -> None:
        if wait := attempts.begin(**self.who):
            raise ValidationError(attempts.too_many(wait), code="too_many")

    def __exit__(self, kind: Any, *_rest: Any) -> None:
        if kind is None:
            attempts.succeeded(**self.who)
