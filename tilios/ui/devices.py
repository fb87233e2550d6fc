"""What a browser says it is, in words a person uses."""

from django.utils.translation import gettext as _

# The first word found wins: every browser also claims to be the ones before it.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_name(user_agent: str) -> str:
    """Such as "Firefox, Linux" from the line a browser sends; what is known of it otherwise."""
    known = [_found(user_agent, BROWSERS), _found(user_agent, SYSTEMS)]
    return ", ".join(part for part in known if part) or _("Unknown device")


def device_icon(user_agent: str) -> str:
    if "iPad" in user_agent or ("Android" in user_agent and "Mobile" not in user_agent):
        return "tablet"
    return "smartphone" if "iPhone" in user_agent or "Android" in user_agent else "monitor"


def _found(user_agent: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for word, name in names if word in user_agent), "")
