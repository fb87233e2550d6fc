"""Accounts, persons, groups, ways in, imports."""

from tilios.core.people.models.accounts import Account, AccountManager, Theme
from tilios.core.people.models.entrances import Invitation, Mandate
from tilios.core.people.models.imports import (
    ImportBatch,
    ImportMapping,
    ImportRow,
    ImportState,
    Outcome,
    StagedFile,
    StagedRow,
)
from tilios.core.people.models.people import Group, Membership, Person, Status
from tilios.core.people.roles import Role

__all__ = [
    "Account",
    "AccountManager",
    "Group",
    "ImportBatch",
    "ImportMapping",
    "ImportRow",
    "ImportState",
    "Invitation",
    "Mandate",
    "Membership",
    "Outcome",
    "Person",
    "Role",
    "StagedFile",
    "StagedRow",
    "Status",
    "Theme",
]
