"""Texts as files, and files as texts: odt, docx, epub, Markdown, HTML, plain text, PDF.

writing.py     our tree as the tree of pandoc
dressing*.py   the looks of the office documents that pandoc makes; styles.py names their styles
preparing.py   office documents made ready for pandoc
carrying*.py   what pandoc has no word for, carried through it by signs
reading.py     the tree of pandoc as ours
running.py     pandoc, behind the walls of the jail
exporting.py   a text as a file
bringing.py    a file as a text
brought.py     what a file gave
etherpad/      a pad of Etherpad, with its authors and its history
"""

from tilios.core.documents.converting.bringing import bring_in
from tilios.core.documents.converting.brought import Brought
from tilios.core.documents.converting.exporting import FORMATS, Exported, export, for_paper, formats

__all__ = ["FORMATS", "Brought", "Exported", "bring_in", "export", "for_paper", "formats"]
