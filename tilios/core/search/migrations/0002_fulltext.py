from django.db import migrations

SQLITE = [
    # SQLite: words arrive folded and stemmed, in ASCII; the tokenizer only cuts at spaces.
    "CREATE VIRTUAL TABLE search_fulltext USING fts5(owner, title, text, tokenize='ascii', prefix='2 3')",
    """CREATE TRIGGER search_item_removed AFTER DELETE ON search_item
    BEGIN DELETE FROM search_fulltext WHERE rowid = old.id; END""",
]
SQLITE_BACK = ["DROP TRIGGER search_item_removed", "DROP TABLE search_fulltext"]
POSTGRESQL = [
    "ALTER TABLE search_item ADD COLUMN vector tsvector",
    "CREATE INDEX search_item_vector ON search_item USING gin (vector)",
]
POSTGRESQL_BACK = ["ALTER TABLE search_item DROP COLUMN vector"]


def _run(statements):
    def run(apps, schema_editor):
        vendor = schema_editor.connection.vendor
        for statement in statements.get(vendor, []):
            schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [
        migrations.RunPython(
            _run({"sqlite": SQLITE, "postgresql": POSTGRESQL}),
            _run({"sqlite": SQLITE_BACK, "postgresql": POSTGRESQL_BACK}),
        )
    ]
