import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0004_mailings_community"),
        ("people", "0003_shared_details"),
    ]

    operations = [
        migrations.AddField(
            model_name="mailing",
            name="sent_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="people.person"
            ),
        ),
    ]
