"""Documents without the vector that has a table of its own."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("search", "0004_count_tokens")]
    operations = [migrations.RemoveField(model_name="document", name="vector")]
