from django.apps import AppConfig


class PortabilityConfig(AppConfig):
    name = "tilios.core.portability"
    label = "portability"

    def ready(self) -> None:
        from tilios.core.jobs import periodic
        from tilios.core.journal import sealing
        from tilios.core.portability import takeouts

        # The journal stands below the jobs, so that jobs can say who works: its clock is set here.
        periodic.register("journal.seal", sealing.seal_everything, every_s=60)
        periodic.register("portability.collect", takeouts.collect, every_s=3600)
