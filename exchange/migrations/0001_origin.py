from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Origin",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("package", models.CharField(max_length=120, verbose_name="package")),
                ("table", models.CharField(max_length=40, verbose_name="table")),
                ("key", models.CharField(max_length=120, verbose_name="key")),
                ("row", models.PositiveBigIntegerField(verbose_name="row")),
                ("owns", models.BooleanField(default=True, verbose_name="brought it")),
            ],
            options={
                "verbose_name": "origin",
                "verbose_name_plural": "origins",
                "ordering": ["package", "table", "key"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("package", "table", "key"), name="origin_key_unique"
                    ),
                    models.UniqueConstraint(
                        fields=("package", "table", "row"), name="origin_row_once_a_package"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("owns", True)),
                        fields=("table", "row"),
                        name="origin_one_owner",
                    ),
                ],
            },
        ),
    ]
