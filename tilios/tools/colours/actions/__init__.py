"""The only writes of colour sessions. Every action takes who acts, locks the session, and publishes."""

from tilios.tools.colours.actions.answers import Given, answer, find_voice, key_in, remove_voice
from tilios.tools.colours.actions.imports import import_answers, undo_import
from tilios.tools.colours.actions.invitations import address_of, invite_people, send_again, withdraw_invitation
from tilios.tools.colours.actions.life import (
    choose_palette,
    close_session,
    delete_session,
    mark_discussed,
    reopen_session,
    restore_session,
)
from tilios.tools.colours.actions.sessions import CollegeDraft, change_session, open_round, open_session
from tilios.tools.colours.actions.stage import reveal, set_timer, show_statement
from tilios.tools.colours.actions.upkeep import remind_people

__all__ = [
    "CollegeDraft",
    "Given",
    "address_of",
    "answer",
    "change_session",
    "choose_palette",
    "close_session",
    "delete_session",
    "find_voice",
    "import_answers",
    "invite_people",
    "key_in",
    "mark_discussed",
    "open_round",
    "open_session",
    "remind_people",
    "remove_voice",
    "reopen_session",
    "restore_session",
    "reveal",
    "send_again",
    "set_timer",
    "show_statement",
    "undo_import",
    "withdraw_invitation",
]
