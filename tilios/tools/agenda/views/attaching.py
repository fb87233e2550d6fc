"""Files in the form of an event: those it has, those that are chosen or sent, and where one looks for others.

It works without a script: looking into a folder sends the whole form, which comes back with what was typed. A file
that is sent goes into the files of the structure at once, so that a mistake elsewhere in the form does not lose it.
"""

from collections.abc import Sequence
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from tilios.core.errors import Refused
from tilios.core.toolbox import registry
from tilios.core.toolbox.attachable import Choice, File, known
from tilios.kit.ical import Attachment
from tilios.tools.agenda.queries.attached import Attached, attached

MOST = 50
MOST_SENT = 20


class Attaching:
    """`before` is what the event has. Read once; `problem` says what could not be taken."""

    def __init__(self, request: Any, before: Sequence[Attachment] = ()) -> None:
        self.person = request.person
        self.before = before
        self.typed = request.POST
        self.problem = ""
        self.chosen = [*self._chosen(), *self._sent(request)]
        if len(self.before) + len(self.chosen) > MOST:
            self.problem = _("%(most)s files at most.") % {"most": MOST}

    def _chosen(self) -> list[File]:
        addresses = list(dict.fromkeys(self.typed.getlist("fichier")))[:MOST]
        # SECURITY: an address of a form may be any; who writes the event attaches what they may read.
        files = known("file.known", self.person, addresses)
        if any(files.get(address) is None for address in addresses):
            self.problem = _("A file that you chose is not there any more, or is closed to you.")
        return [files[address] for address in addresses if files.get(address)]

    def _sent(self, request: Any) -> list[File]:
        send, found = registry.capability("file.send"), []
        for upload in request.FILES.getlist("envoi")[:MOST_SENT]:
            place, folder = self.typed.get("place", ""), _("Attachments of events")
            try:
                number = int(place) if place.isascii() and place.isdigit() and len(place) < 16 else 0
                found.append(send(by=self.person, place=number, folder=folder, name=upload.name, stream=upload))
            except Refused as error:
                self.problem = f"{upload.name} : {error.message}"
        return found

    @property
    def is_looking(self) -> bool:
        """Whether the form was sent to look for files, and not to be saved. Return in the box of words looks too."""
        is_searching = bool(self.typed.get("mots", "").strip()) and "enregistrer" not in self.typed
        return "parcourir" in self.typed or "chercher" in self.typed or is_searching

    @property
    def fields(self) -> dict[str, Any]:
        """What changes, as fields of a draft."""
        fields: dict[str, Any] = {}
        if self.chosen:
            fields["attached"] = tuple(
                Attachment(one.address, one.name, one.media_type, one.size) for one in self.chosen
            )
        if self.removed:
            fields["detached"] = tuple(sorted(self.removed))
        return fields

    @property
    def removed(self) -> set[str]:
        return {one.key for one in self.before} & set(self.typed.getlist("retirer"))

    @cached_property
    def rows(self) -> list[Attached]:
        """What the event has, as who writes sees it."""
        return attached(self.person, self.before)

    @cached_property
    def places(self) -> list[tuple[int, str]]:
        """Where a file that is sent may be put; none where the structure keeps no files."""
        answer = registry.capability("file.places")
        return answer(self.person) if answer is not None else []

    @property
    def may_choose(self) -> bool:
        return registry.capability("file.choose") is not None

    @cached_property
    def choice(self) -> Choice | None:
        """What is seen where one looks; None before one does."""
        choose = registry.capability("file.choose")
        if choose is None or not self.is_looking:
            return None
        folder = self.typed.get("parcourir", "")
        number = int(folder) if folder.isascii() and folder.isdigit() and len(folder) < 16 else None
        return choose(self.person, folder=number, words="" if "parcourir" in self.typed else self.words)

    @property
    def words(self) -> str:
        return self.typed.get("mots", "")[:100]

    @property
    def is_open(self) -> bool:
        return bool(self.before or self.chosen or self.problem or self.is_looking)

    @property
    def chosen_addresses(self) -> set[str]:
        return {one.address for one in self.chosen}
