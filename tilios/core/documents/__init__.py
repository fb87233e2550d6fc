"""Live texts: one text that many people write at once, kept with its whole history.

A `Document` belongs to a thing of a tool (its owner, a `Kind` and a number) and knows no other right than what the
owner's kind answers:

    Kind("pads.pad", ..., document_access="tilios.tools.pads.queries.rights.document_access")

    documents.create(owner=pad, by=person, html="…")       a text for a thing
    documents.render(document)                             its HTML, words and outline, cached
    documents.export(document, "odt")                      a file of it
"""
