"""Somebody's own account: preferences, ways in, app passwords, devices, data."""

from tilios.portal.views.account.app_passwords import app_password_create, app_password_list, app_password_revoke
from tilios.portal.views.account.data import close, data, export
from tilios.portal.views.account.profile import profile, set_language
from tilios.portal.views.account.security import end_session, security

__all__ = [
    "app_password_create",
    "app_password_list",
    "app_password_revoke",
    "close",
    "data",
    "end_session",
    "export",
    "profile",
    "security",
    "set_language",
]
