"""The named styles of office documents that say what pandoc has no word for."""

CALLOUTS = {
    "info": "CalloutInfo",
    "success": "CalloutSuccess",
    "warning": "CalloutWarning",
    "danger": "CalloutDanger",
}
ALIGNMENTS = {"center": "AlignCenter", "right": "AlignRight", "justify": "AlignJustify"}
HIGHLIGHTS = {
    "yellow": "HighlightYellow",
    "green": "HighlightGreen",
    "blue": "HighlightBlue",
    "pink": "HighlightPink",
}
#: Border and background of each call-out, background of what is highlighted: RRGGBB.
TONES = {
    "info": ("2F6DB3", "EEF4FB"),
    "success": ("2C7A4B", "EDF7F0"),
    "warning": ("A8690A", "FDF5E6"),
    "danger": ("B3261E", "FCEFEE"),
}
COLOURS = {"yellow": "FDEC9A", "green": "C9EFCF", "blue": "CFE4FB", "pink": "FBD5E3"}
INK, SOFT, LINE, SHADE = "1C2331", "565A61", "C9BFA9", "F5F2EA"
