from django.db import migrations

from tilios.core.journal import triggers


class Migration(migrations.Migration):
    """The database refuses to change or remove an entry or a seal."""

    dependencies = [("journal", "0001_initial")]

    operations = [migrations.RunPython(triggers.install, triggers.remove)]
