"""Numbered papers: what they say, how they are laid out, when they no longer hold."""
