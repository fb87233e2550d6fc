"""Every page, letter and message of allauth that can be met is in our words; a new version brings none unseen."""

from pathlib import Path
from typing import Any

import allauth
import pytest
from django.template.loader import get_template, render_to_string
from django.utils import translation

FOLDER = Path(allauth.__file__).parent / "templates"

#: Templates of flows that are off here, or that hold no words of their own.
LEFT = {
    "account/base_confirm_code.html": "codes by mail are off",
    "account/base_entrance.html": "no words",
    "account/base_manage.html": "no words",
    "account/base_manage_email.html": "no words",
    "account/base_manage_password.html": "no words",
    "account/base_manage_phone.html": "phones are off",
    "account/confirm_email_verification_code.html": "codes by mail are off",
    "account/confirm_login_code.html": "codes by mail are off",
    "account/confirm_password_reset_code.html": "codes by mail are off",
    "account/confirm_phone_verification_code.html": "phones are off",
    "account/email.html": "an account has one address",
    "account/email/account_already_exists_message.txt": "nobody signs up",
    "account/email/account_already_exists_subject.txt": "nobody signs up",
    "account/email/email_confirmation_signup_message.txt": "includes ours",
    "account/email/email_confirmation_signup_subject.txt": "includes ours",
    "account/email/login_code_message.txt": "codes by mail are off",
    "account/email/login_code_subject.txt": "codes by mail are off",
    "account/email/password_reset_code_message.txt": "codes by mail are off",
    "account/email/password_reset_code_subject.txt": "codes by mail are off",
    "account/messages/login_code_sent.txt": "codes by mail are off",
    "account/messages/phone_verification_sent.txt": "phones are off",
    "account/messages/phone_verified.txt": "phones are off",
    "account/phone_change.html": "phones are off",
    "account/request_login_code.html": "codes by mail are off",
    "account/signup.html": "nobody signs up",
    "account/signup_by_passkey.html": "nobody signs up",
    "account/snippets/already_logged_in.html": "on pages that are off",
    "account/snippets/warn_no_email.html": "on pages that are off",
    "mfa/base_entrance.html": "no words",
    "mfa/base_manage.html": "no words",
    "mfa/recovery_codes/base.html": "under ours",
    "mfa/recovery_codes/download.txt": "the codes alone",
    "mfa/totp/base.html": "under ours",
    "mfa/trust.html": "no browser is trusted",
    "mfa/webauthn/base.html": "under ours",
    "mfa/webauthn/signup_form.html": "nobody signs up",
    "mfa/webauthn/snippets/login_script.html": "no words",
    "mfa/webauthn/snippets/scripts.html": "no words but those of a browser without scripts",
    "usersessions/base_manage.html": "no words",
}


def met() -> list[str]:
    names = [
        str(path.relative_to(FOLDER))
        for folder in ("account", "mfa", "usersessions")
        for path in sorted((FOLDER / folder).rglob("*"))
        if path.is_file()
    ]
    return [name for name in names if name not in LEFT]


@pytest.mark.parametrize("name", met())
def test_a_template_that_can_be_met_is_ours(name: str) -> None:
    origin: Any = get_template(name).origin  # type: ignore[attr-defined]
    assert FOLDER not in Path(origin.name).parents, (
        f"{name} is allauth's: write ours, or say in LEFT why nobody meets it"
    )


def test_nothing_is_left_for_no_reason() -> None:
    assert not [name for name in LEFT if not (FOLDER / name).is_file()]


CONTEXT = {
    "user": "zoe@example.org",
    "email": "zoe@example.org",
    "from_email": "zoe@example.org",
    "to_email": "zoe@nouveau.example",
    "deleted_email": "zoe@example.org",
    "activate_url": "https://tilios.example/compte/confirm-email/abc/",
    "password_reset_url": "https://tilios.example/compte/password/reset/key/abc/",
    "ip": "192.0.2.1",
    "user_agent": "Firefox & <Co>",
    "timestamp": "2026-01-31 10:00",
}


@pytest.mark.parametrize("name", [name for name in met() if name.endswith(".txt")])
def test_a_letter_is_plain_text_in_both_languages(name: str) -> None:
    said = {}
    for language in ("fr", "en"):
        with translation.override(language):
            said[language] = render_to_string(name, {**CONTEXT, "current_site": {"domain": "tilios.example"}})
        assert "&amp;" not in said[language], name
        assert "&#x27;" not in said[language], name
    if said["fr"].strip():
        assert said["fr"] != said["en"], f"{name} has no French"
