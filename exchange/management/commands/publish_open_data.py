from typing import Any

from django.core.management.base import BaseCommand, CommandError

from exchange import open_data


class Command(BaseCommand):
    help = "Makes the file of all open data anew; run it every night."

    def handle(self, *args: Any, **options: Any) -> None:
        report = self.stdout.write if options["verbosity"] > 1 else (lambda line: None)
        try:
            changed = open_data.publish(report)
        except OSError as error:
            raise CommandError(f"{open_data.path()} can’t be written: {error.strerror}.") from None
        if options["verbosity"]:
            size = open_data.path().stat().st_size
            state = "published" if changed else "nothing new"
            self.stdout.write(f"{open_data.path()}: {state}, {size:,} bytes")
