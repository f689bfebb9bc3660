from typing import Any

from django.core.management.base import BaseCommand, CommandError

from booklets import tasks
from booklets.models import Edition, Layer, Standing


class Command(BaseCommand):
    help = "Makes the files of every booklet that is still in preparation, here and now."

    def handle(self, *args: Any, **options: Any) -> None:
        failed = []
        for edition in Edition.objects.light().exclude(standing=Standing.PUBLISHED):
            tasks.make.func(edition.pk)
            edition.refresh_from_db(fields=["standing"])
            if edition.standing != Standing.PUBLISHED:
                failed.append(edition.code)
            elif options["verbosity"]:
                self.stdout.write(f"{edition.code} is published.")
        for layer in Layer.objects.filter(made_at=None, edition__retraction=None):
            tasks.make_layer.func(layer.pk)
            layer.refresh_from_db(fields=["made_at"])
            if layer.made_at is None:
                failed.append(str(layer))
            elif options["verbosity"]:
                self.stdout.write(f"{layer} is shown.")
        if failed:
            raise CommandError(f"Could not be made: {', '.join(failed)}.")
