"""What is indexed already, in the form of now."""

from collections import Counter

from django.db import migrations
from django.db.models import F


def count(apps, schema_editor):
    document, entry = apps.get_model("search", "Document"), apps.get_model("search", "Entry")
    entry.objects.update(version=F("pk"))
    changed = []
    for row in document.objects.only("pk", "tokens").iterator(500):
        numbers = Counter(row.tokens.split())
        row.tokens = " ".join(f"{token}:{number}" for token, number in numbers.items())
        changed.append(row)
        if len(changed) >= 500:
            document.objects.bulk_update(changed, ["tokens"])
            changed = []
    document.objects.bulk_update(changed, ["tokens"])
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            # By way of text: a compressed value would be copied as it is.
            cursor.execute(
                "INSERT INTO search_vector (document_id, language, vector) "
                "SELECT id, language, (vector::text)::tsvector FROM search_document"
            )


class Migration(migrations.Migration):
    dependencies = [("search", "0003_postings")]
    operations = [migrations.RunPython(count, migrations.RunPython.noop)]
