"""Shelves: the tree of a tool in which people put things away, and who may do what in it.

Everybody's space, one for each group, one for each person; folders in them; lists of rights that hold for all that is
below; tags, favourites, what one opened last. A tool has models of its own (`models.py` gives their fields), a `Shelf`
that its declaration names, and the pages of rights and marks (`pages/`):

    TOOL = Tool("files", …, shelf="tilios.tools.files.shelf.SHELF")

It declares the actions `view`, `write`, `own`, `share` and `manage`, the verbs `rights_changed`, `described` and
`tags_changed`, and the notice `shared`. What things are and how they come and go is the tool's.
"""
