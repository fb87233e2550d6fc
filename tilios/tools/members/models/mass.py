"""One change made to many records at once: what was chosen, and what it did to each record."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tilios.core.people.models import ImportState, Person, StagedFile, StagedRow
from tilios.tools.members.models.register import Record


class MassEdit(StagedFile):
    """It goes through the steps of an import: looked at, done, undone. `name` says the change in words.

    `thing`: a key of queries/mass.things. `value`: what is written, by column, in the form that imports keep. `back`:
    the address of the list from which it was begun, with its filters.
    """

    thing = models.CharField(max_length=60)
    value = models.JSONField(default=dict)
    back = models.TextField(blank=True)

    class Meta(StagedFile.Meta):
        abstract = False

    @property
    def state_in_words(self) -> str:
        words = {
            ImportState.CHECKED: _("Not made yet"),
            ImportState.IMPORTING: _("Being made"),
            ImportState.IMPORTED: _("Made"),
        }
        return str(words.get(ImportState(self.state), self.get_state_display()))


class MassEditRow(StagedRow):
    """What the change did to one record. `problems`: keys of queries/mass.REFUSALS."""

    batch = models.ForeignKey(MassEdit, on_delete=models.CASCADE, related_name="rows")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")

    class Meta(StagedRow.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["batch", "record"], name="members_one_mass_edit_a_record")]
        indexes = [models.Index(fields=["batch", "outcome", "number"], name="members_mass_rows")]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.record_id}"
