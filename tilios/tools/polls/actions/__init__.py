"""The only writes of polls. Every action takes who acts (`by`, or a `visitor`), locks the poll, and publishes."""

from tilios.tools.polls.actions.ballots import (
    cast_ballot,
    cast_guest_ballot,
    key_in_ballot,
    remove_ballot,
    withdraw_ballot,
)
from tilios.tools.polls.actions.imports import import_poll
from tilios.tools.polls.actions.life import (
    archive_poll,
    close_poll,
    delete_poll,
    event_is_there,
    make_event,
    reopen_poll,
    restore_poll,
    unarchive_poll,
)
from tilios.tools.polls.actions.methods import draw_lots, open_round
from tilios.tools.polls.actions.paper import drop_batch, enter_batch, key_sheets, open_batch
from tilios.tools.polls.actions.polls import change_poll, open_poll, propose_option
from tilios.tools.polls.actions.proxies import give_proxy, take_back_proxy
from tilios.tools.polls.actions.roll import set_roll, tick_voter
from tilios.tools.polls.actions.secret import cast_secret_ballots, cast_secret_guest_ballot
from tilios.tools.polls.actions.upkeep import remind_people

__all__ = [
    "archive_poll",
    "cast_ballot",
    "cast_guest_ballot",
    "cast_secret_ballots",
    "cast_secret_guest_ballot",
    "change_poll",
    "close_poll",
    "delete_poll",
    "draw_lots",
    "drop_batch",
    "enter_batch",
    "event_is_there",
    "give_proxy",
    "import_poll",
    "key_in_ballot",
    "key_sheets",
    "make_event",
    "open_batch",
    "open_poll",
    "open_round",
    "propose_option",
    "remind_people",
    "remove_ballot",
    "reopen_poll",
    "restore_poll",
    "set_roll",
    "take_back_proxy",
    "tick_voter",
    "unarchive_poll",
    "withdraw_ballot",
]
