from typing import Any

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "tilios.core.documents"
    label = "documents"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_out

        from tilios.core.documents import rights
        from tilios.core.journal.actions import watch

        watch(rights.published)
        user_logged_out.connect(_signed_out, dispatch_uid="documents")


def _signed_out(sender: Any, user: Any, **_others: Any) -> None:
    from tilios.core.documents import rights

    rights.signed_out(user)
