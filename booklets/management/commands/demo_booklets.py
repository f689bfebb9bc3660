from typing import Any

from django.core.management.base import BaseCommand

from booklets import demo


class Command(BaseCommand):
    help = "Freezes the booklets of the demo, unless they are there; the worker makes their files."

    def handle(self, *args: Any, **options: Any) -> None:
        for edition in demo.make():
            if options["verbosity"]:
                self.stdout.write(f"{edition.code} is frozen.")
