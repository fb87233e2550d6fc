"""Read answers gathered elsewhere. Pure: a sheet in, what it says and what is wrong with it out."""

from tilios.tools.colours.imports.answers import LIMITS, Fault, Reading, read

__all__ = ["LIMITS", "Fault", "Reading", "read"]
