"""The outside: the only way Tilios fetches an address that somebody typed.

    with Client(login=Login("bob", password)) as client:
        with client.ask("GET", address) as answer:
            if answer.status == 200:
                blobs.store(answer, name="…")       # read(size): streamed, cut bodies are refused
                text = answer.whole(most=1_000_000)

Whoever types an address makes the server knock at it. So nothing of the server's own network can be reached: every
connection, those of redirects included, is made to an address that was judged after the name was resolved. A host opens
chosen networks with TILIOS_OUTSIDE_NETWORKS (a Nextcloud on the same premises). Names of servers are verified (TLS),
time and redirects are bounded, and a password goes to the server it was given for and to no other.
"""

from tilios.core.outside.client import Answer, Client, Login
from tilios.core.outside.errors import CutShort, Forbidden, OutsideError, TooMuch, Unreachable

__all__ = ["Answer", "Client", "CutShort", "Forbidden", "Login", "OutsideError", "TooMuch", "Unreachable"]
