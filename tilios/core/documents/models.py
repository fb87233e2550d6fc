"""The tables of live texts."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.access.models import Visitor
from tilios.core.blobs.models import Blob
from tilios.core.people.models import Person
from tilios.core.structures.owned import Owned


class Document(Owned):
    """One live text. `kind` and `target` name the thing it belongs to, which says who may read and write it.

    The text is the sum of its updates. `state` is that sum up to the update `state_number`: what a reader starts from,
    the later updates are added to it. `html`, `text`, `outline` and `words` were drawn at `drawn_number`.
    """

    kind = models.CharField(max_length=60)
    target = models.BigIntegerField()
    last_number = models.PositiveBigIntegerField(default=0)  # of its updates
    state = models.BinaryField(default=bytes)
    state_number = models.PositiveBigIntegerField(default=0)
    html = models.TextField(blank=True)
    text = models.TextField(blank=True)
    outline = models.JSONField(default=list)  # [{"level": 1-4, "title": "…", "id": "…"}]
    words = models.PositiveIntegerField(default=0)
    drawn_number = models.PositiveBigIntegerField(default=0)
    language = models.CharField(max_length=5, default="fr")
    made_at = models.DateTimeField(default=timezone.now)
    written_at = models.DateTimeField(default=timezone.now)

    #: (kind, target) names a row of any exported kind: the archive renumbers it.
    generic_reference = ("kind", "target")

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["structure", "kind", "target"], name="one_document_a_thing")]

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"


class Update(Owned):
    """A piece of the text as Yjs sends it (update format 1), numbered from 1 without a gap as they came.

    Pieces that follow one another and come from one writer are put together later: a row then stands for the numbers
    `first_number` to `number`.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="updates")
    number = models.PositiveBigIntegerField()
    first_number = models.PositiveBigIntegerField()
    data = models.BinaryField()
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    visitor = models.ForeignKey(Visitor, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta(Owned.Meta):
        ordering = ["document", "number"]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="one_update_a_number")]


class Author(Owned):
    """Whose hand a Yjs client is: what the server saw come in, never what a browser claims."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="authors")
    client = models.PositiveBigIntegerField()
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    visitor = models.ForeignKey(Visitor, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=80, blank=True)  # of somebody brought in from elsewhere (Etherpad)

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["document", "client"], name="one_author_a_client")]


class Revision(Owned):
    """A moment of the text to come back to: after the update `number`. Named by hand, or kept at a pause."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveBigIntegerField()
    name = models.CharField(_("name"), max_length=120, blank=True)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    visitor = models.ForeignKey(Visitor, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    words = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta(Owned.Meta):
        ordering = ["document", "number"]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="one_revision_a_number")]


class Attachment(Owned):
    """A picture or a file inside the text: the nodes `image` and `file` name it by its `number`.

    The number is the text's own, from 1, so that it holds in the copy of a text and in an archive.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="attachments")
    number = models.PositiveIntegerField()
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    visitor = models.ForeignKey(Visitor, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta(Owned.Meta):
        ordering = ["document", "number"]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="one_attachment_a_number")]


class Thread(Owned):
    """A conversation about a passage. `start` and `end` are Yjs relative positions: they follow the text."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="threads")
    start = models.BinaryField()
    end = models.BinaryField()
    quote = models.CharField(max_length=500, blank=True)  # the passage when it was first spoken of
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta(Owned.Meta):
        ordering = ["document", "pk"]


class Remark(Owned):
    """What somebody says in a thread."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="remarks")
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    visitor = models.ForeignKey(Visitor, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    body = models.TextField(max_length=5000)
    made_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta(Owned.Meta):
        ordering = ["thread", "pk"]


class Saying(Owned):
    """A line of the chat beside the text."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="sayings")
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    visitor = models.ForeignKey(Visitor, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    body = models.CharField(max_length=1000)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta(Owned.Meta):
        ordering = ["document", "pk"]
