from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0005_mailing_sent_by")]

    operations = [
        migrations.AddField(
            model_name="lettertemplate",
            name="text_kind",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="lettertemplate",
            name="text_target",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="lettertemplate",
            name="body",
            field=models.TextField(blank=True, max_length=20000, verbose_name="text of the letter"),
        ),
    ]
