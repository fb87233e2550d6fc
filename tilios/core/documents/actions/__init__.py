"""The only writes of live texts, by subject."""

from tilios.core.documents.actions.beside import answer_thread, attach, begin_thread, say, settle_thread
from tilios.core.documents.actions.bringing import bring
from tilios.core.documents.actions.moments import compact, fork, keep_revision, name_revision, restore
from tilios.core.documents.actions.texts import append, create, remove

__all__ = [
    "answer_thread",
    "append",
    "attach",
    "begin_thread",
    "bring",
    "compact",
    "create",
    "fork",
    "keep_revision",
    "name_revision",
    "remove",
    "restore",
    "say",
    "settle_thread",
]
