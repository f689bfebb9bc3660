from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from home.setup import NotReady, add_language


class Command(BaseCommand):
    help = "Adds a language of the settings to a site that is set up: its locale, its home page."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("language", help="its code, as in SUITES_LANGUAGES")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = add_language(options["language"])
        except NotReady as reason:
            raise CommandError(str(reason)) from None
        for line in made or ["nothing was missing"]:
            self.stdout.write(line)
