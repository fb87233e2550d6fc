"""People brought in from a sheet: read, match, try out, bring in, undo."""
