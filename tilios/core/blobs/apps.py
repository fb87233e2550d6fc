from functools import partial

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BlobsConfig(AppConfig):
    name = "tilios.core.blobs"
    label = "blobs"
    verbose_name = _("Blobs")

    def ready(self) -> None:
        from tilios.core.blobs import actions
        from tilios.core.jobs import periodic

        periodic.register("blobs.collect", actions.collect, every_s=86400)
        periodic.register("blobs.scrub", partial(actions.scrub, 200), every_s=3600)
