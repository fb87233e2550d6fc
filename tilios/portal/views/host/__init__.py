"""The instance's administrator ("hébergeur"): first run, structures, visits, hosts, outbox."""

from tilios.portal.views.host.first_run import first_run
from tilios.portal.views.host.hosts import hosts, take_host
from tilios.portal.views.host.outbox import message, outbox, retry
from tilios.portal.views.host.structures import leave, resume, step_in, structure, structures, suspend
from tilios.portal.views.host.wizard import colour_preview, wizard

__all__ = [
    "colour_preview",
    "first_run",
    "hosts",
    "leave",
    "message",
    "outbox",
    "resume",
    "retry",
    "step_in",
    "structure",
    "structures",
    "suspend",
    "take_host",
    "wizard",
]
