"""Tilios: one server of its own for everything a structure does together."""

__version__ = "0.1.0"
