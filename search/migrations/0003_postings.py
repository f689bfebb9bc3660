"""Documents carry counted tokens, entries a version, and PostgreSQL's vectors a table of their own."""

import django.db.models.deletion
from django.db import migrations, models

import search.models


def drop(apps, schema_editor):
    """SQLite's tables of before; what follows the migrations makes those of now."""
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT type, name FROM sqlite_master WHERE type = 'trigger' AND name LIKE "
            "'search_fts_%%' OR sql LIKE 'CREATE VIRTUAL TABLE%%' AND "
            "(name LIKE 'search_fts_%%' OR name LIKE 'search_vocabulary_%%') "
            # A vocabulary goes before the table that it reads.
            "ORDER BY type = 'trigger' DESC, name DESC"
        )
        for kind, name in cursor.fetchall():
            cursor.execute(f'DROP {kind} "{name}"')


def keep_inline(apps, schema_editor):
    """Vectors stay in their rows, as they are.

    PostgreSQL would compress most of them into a second table, and thousands are read in a search:
    five to eight times as long.
    """
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE search_vector SET (toast_tuple_target = 8160)")
        schema_editor.execute("ALTER TABLE search_vector ALTER vector SET STORAGE EXTERNAL")


class Migration(migrations.Migration):
    dependencies = [("search", "0002_starting_words")]
    operations = [
        migrations.RunPython(drop, migrations.RunPython.noop),
        migrations.CreateModel(
            name="Vector",
            fields=[
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="search.document",
                    ),
                ),
                ("language", models.CharField(max_length=12)),
                ("vector", search.models.TokenVector()),
            ],
        ),
        migrations.RunPython(keep_inline, migrations.RunPython.noop),
        migrations.AddField(
            model_name="entry",
            name="version",
            field=models.BigIntegerField(db_index=True, default=0),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                fields=["entry", "id", "language", "audience", "noun", "length"],
                name="search_document_narrow",
            ),
        ),
    ]
