from typing import Any

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "tilios.core.notify"
    label = "notify"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_out

        from tilios.core.jobs import periodic
        from tilios.core.notify import actions, digests, outbox, pushes

        periodic.register("notify.deliver", outbox.deliver_due, every_s=60)
        periodic.register("notify.push", pushes.deliver_due, every_s=60)
        periodic.register("notify.digests", digests.start_due, every_s=300)
        periodic.register("notify.forget_old", actions.forget_old, every_s=86400)
        user_logged_out.connect(_signed_out, dispatch_uid="notify")


def _signed_out(sender: Any, request: Any, **_others: Any) -> None:
    from tilios.core.notify import devices

    if request is not None:
        devices.forget_session(request.session.session_key)
