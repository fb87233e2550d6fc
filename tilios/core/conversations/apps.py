from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "tilios.core.conversations"
    label = "conversations"

    def ready(self) -> None:
        from tilios.core.conversations import actions
        from tilios.core.jobs import periodic

        periodic.register("conversations.erase_removed", actions.erase_removed, every_s=86400)
