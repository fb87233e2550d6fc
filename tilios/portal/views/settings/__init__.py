"""The settings of a structure: identity, look, tools, mail, rights."""

from tilios.portal.views.settings.grants import grants, take_back
from tilios.portal.views.settings.identity import identity, tools
from tilios.portal.views.settings.look import colour_preview, look
from tilios.portal.views.settings.mail import mail
from tilios.portal.views.settings.rights import rights

__all__ = ["colour_preview", "grants", "identity", "look", "mail", "rights", "take_back", "tools"]
