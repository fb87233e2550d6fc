"""Files sent in several goes: tus 1.0 (core, creation, creation-with-upload, termination, expiration, checksum).

A 2 GB file goes on where it stopped, after the network, the server or the browser died. The engine knows uploads; it
knows no folder. A tool says who may send and what becomes of a file, in its declaration:

    uploads=Uploads(
        action="files.add",
        check="tilios.tools.files.uploads.check",    # check(person, target, name, size): raises the named errors
        finish="tilios.tools.files.uploads.finish",  # finish(person, upload, blob) -> {"url", "kind", "pk"}
    )

and shows the form in a page: `{% load uploads %}{% uploader tool="files" target=target action=url %}`. `target` is what
the tool needs to find the place again (JSON); it is sealed, so that nobody forges one, but rights are asked at both
ends all the same. `finish` runs in the transaction that ends the upload: once, even if nobody hears the answer. When it
raises Conflict (a name that is taken), the upload waits for the sender's choice, found in `upload.choice`.

Somebody who comes through a share link sends by `shared.answer`: `person` is then None.
"""
