"""Members brought in from another program or a sheet: read, match, try out, bring in, undo."""
