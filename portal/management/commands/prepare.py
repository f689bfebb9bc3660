import time
from argparse import ArgumentParser
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal.catalogues import compile_stale


class Command(BaseCommand):
    help = "Makes a development site ready to serve: catalogues, database, demo."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--without-demo", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("This is for development: the demo's passwords are public.")
        with self.step("Catalogues of French and Dutch messages"):
            compile_stale(Path(settings.LOCALE_PATHS[0]))
        with self.step("Database"):
            call_command("migrate", interactive=False, verbosity=0, stdout=self.stdout)
        if not options["without_demo"]:
            with self.step("Demo"):
                call_command("load_demo", stdout=self.stdout)
                call_command("demo_logins", create=True, stdout=StringIO())
            with self.step("Booklets"):
                call_command("demo_booklets", verbosity=0)
            with self.step("Open data"):
                call_command("publish_open_data", verbosity=0)

    @contextmanager
    def step(self, name: str):
        start = time.monotonic()
        self.stdout.write(f"{name} …")
        self.stdout.flush()
        yield
        self.stdout.write(f"{name}: ready ({time.monotonic() - start:.1f} s)")
        self.stdout.flush()
