"""A site with one more page than Tilios: a shelf, where core/reading shows the documents of a folder."""
