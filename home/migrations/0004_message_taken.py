"""Since when somebody is mailing a message."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0003_body_of_blocks"),
    ]

    operations = [
        migrations.AddField(
            model_name="contactmessage",
            name="taken_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
