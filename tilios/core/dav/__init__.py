"""WebDAV: RFC 4918 (classes 1, 2, 3), quotas (RFC 4331), principals (RFC 5397), synchronisation (RFC 6578).

The engine knows requests, locks, properties and conditions; it knows no file and no calendar. A tool gives a `Tree`
(tree.py): what stands where for one person of one structure, and how it is written. Addresses are
`/dav/MOUNT/STRUCTURE/…`; the only credential is an app password whose scope is the mount's (door.py).

One module a method in `verbs/`; `answers.py` writes, `bodies.py` reads, `conditions.py` judges the headers.
"""
