"""A pad of Etherpad (its export ".etherpad"), with its authors and the moments of its history.

changesets.py   the pad as it was after each of its revisions
lines.py        its lines as our tree, whoever wrote each character kept beside it
hands.py        a tree as a Yjs update in which each author is a Yjs client
moments.py      which moments of the history are kept

The format is Etherpad's own (`src/node/utils/ExportEtherpad`, `src/static/js/Changeset`): one JSON object of the
records of its database, where places are counted in UTF-16 units.
"""

from tilios.core.documents.converting.etherpad.moments import read

__all__ = ["read"]
