from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from exchange import reader, writer
from exchange.problems import ImportRefused


class Command(BaseCommand):
    help = "Loads a folder in the exchange format: all of it, or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="holds datapackage.json and the tables")
        parser.add_argument(
            "--language", default=settings.LANGUAGE_CODE, help="of the messages about mistakes"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        languages = tuple(code for code, _name in settings.LANGUAGES)
        report = self.stdout.write if options["verbosity"] else (lambda line: None)
        with translation.override(options["language"]):
            try:
                writer.write(reader.read(options["folder"], languages), report)
            except ImportRefused as refused:
                for problem in refused.problems:
                    self.stderr.write(str(problem))
                raise CommandError(
                    f"Nothing was loaded: {len(refused.problems)} problems, listed above."
                ) from None
