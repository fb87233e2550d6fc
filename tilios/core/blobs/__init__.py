"""Bytes by their name. A blob is known by the SHA-256 of its content: kept once, checked, collected when unused.

    blob = actions.store(upload, name=upload.name)      # streamed to disk, then a row
    attachment.file = blob                              # models.ForeignKey("blobs.Blob", on_delete=models.PROTECT)
    return blob_response(blob, name="compte rendu.pdf", request=request)

Two promises hold whatever fails, and when:

- a row that is committed has its bytes on the disk, whole;
- bytes that no row names any more go away, but not before seven days: a backup of the database taken meanwhile still
  finds all it points at.

A foreign key with PROTECT keeps its blob; one with CASCADE follows it (what is derived from it, such as thumbnails).
"""
