from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "tilios.core.notify"
    label = "notify"

    def ready(self) -> None:
        from tilios.core.jobs import periodic
        from tilios.core.notify import actions, digests, outbox

        periodic.register("notify.deliver", outbox.deliver_due, every_s=60)
        periodic.register("notify.digests", digests.start_due, every_s=300)
        periodic.register("notify.forget_old", actions.forget_old, every_s=86400)
