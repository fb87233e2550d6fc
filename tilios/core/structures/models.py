"""A structure: an association, a cooperative, a place. Everything else belongs to one."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tilios.core.structures.owned import Owned, OwnedManager, OwnedQuerySet

__all__ = ["Owned", "OwnedManager", "OwnedQuerySet", "Structure", "StructureKind"]


class StructureKind(models.TextChoices):
    ASSOCIATION = "association", _("Association")
    COOPERATIVE = "cooperative", _("Cooperative")
    COWORKING = "coworking", _("Coworking space")
    FABLAB = "fablab", _("Fablab or makerspace")
    VILLAGE = "village", _("Village or neighbourhood place")
    CULTURAL = "cultural", _("Cultural place")
    NETWORK = "network", _("Network of structures")
    PUBLIC = "public", _("Public service")
    COMPANY = "company", _("Company")
    OTHER = "other", _("Other")


class Structure(models.Model):
    """One structure. `slug` is its address (/s/<slug>/) and never changes hands."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20, choices=StructureKind, default=StructureKind.ASSOCIATION)
    purpose = models.TextField(_("purpose"), blank=True, max_length=2000)
    email = models.EmailField(_("email"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    website = models.URLField(_("website"), blank=True)
    street = models.TextField(_("address"), blank=True, max_length=300)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    town = models.CharField(_("town"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=2, default="FR")
    rna = models.CharField(_("RNA number"), max_length=10, blank=True)
    siret = models.CharField(_("SIREN or SIRET number"), max_length=14, blank=True)
    colour = models.CharField(_("colour"), max_length=7, default="#b4532a")
    logo = models.ForeignKey("blobs.Blob", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    timezone = models.CharField(_("time zone"), max_length=60, default="Europe/Paris")
    language = models.CharField(_("language"), max_length=5, default="fr")
    enabled_tools = models.JSONField(default=list)  # slugs, in the order of the menu
    created_at = models.DateTimeField(auto_now_add=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspension_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
