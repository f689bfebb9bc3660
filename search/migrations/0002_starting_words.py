"""The words to begin with, once."""

from django.db import migrations
from i18nfield.strings import LazyI18nString

from search.starting_words import CONCEPTS


def add(apps, schema_editor):
    concept = apps.get_model("search", "Concept")
    if not concept.objects.exists():
        concept.objects.bulk_create(
            concept(words=LazyI18nString({"fr": french, "nl": dutch})) for french, dutch in CONCEPTS
        )


class Migration(migrations.Migration):
    dependencies = [("search", "0001_index")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop, elidable=False)]
