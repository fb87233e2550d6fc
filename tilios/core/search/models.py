"""The index of what can be found. Everything here is made from the tools' own rows, and can be made again.

Beside these tables stands the full-text index itself (migration 0002): an FTS5 table on SQLite, a tsvector column with
a GIN index on PostgreSQL. Both hold words folded and stemmed by `kit.text`, so that both answer alike.
"""

from django.db import models
from django.utils import timezone

from tilios.core.structures.models import Owned


class Item(Owned):
    """A thing that can be found."""

    kind = models.CharField(max_length=60)  # "polls.poll"
    target = models.BigIntegerField()
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    digest = models.CharField(max_length=32)  # of title, text and keys: unchanged things cost one read
    updated_at = models.DateTimeField(default=timezone.now)

    generic_reference = ("kind", "target")

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["structure", "kind", "target"], name="indexed_once")]

    def __str__(self) -> str:
        return self.title


class Grant(Owned):
    """A key that finds an item: "role:20", "group:3", "person:7"."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="grants")
    key = models.CharField(max_length=30)

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["item", "key"], name="granted_once")]

    def __str__(self) -> str:
        return self.key


class Word(Owned):
    """A word that stands somewhere in the structure's texts, folded: what a typo is compared with."""

    word = models.CharField(max_length=40)

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["structure", "word"], name="word_once")]

    def __str__(self) -> str:
        return self.word


class Variant(Owned):
    """A word, or the word less one letter: two words one typo apart have one in common."""

    word = models.ForeignKey(Word, on_delete=models.CASCADE, related_name="variants")
    variant = models.CharField(max_length=40)

    class Meta(Owned.Meta):
        indexes = [models.Index(fields=["structure", "variant"])]

    def __str__(self) -> str:
        return self.variant


class Position(models.Model):
    """How far the index has followed the journal (one row for the instance)."""

    entry = models.BigIntegerField(default=0)  # journal.Entry.pk
    rebuilt = models.BigIntegerField(default=0)  # the last entry after which a structure was indexed anew

    def __str__(self) -> str:
        return str(self.entry)
