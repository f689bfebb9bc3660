from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from exchange import archive, reader, survey, telling, writer
from exchange.problems import ImportRefused


class Command(BaseCommand):
    help = "Loads a folder in the exchange format: what is new or has changed, or nothing at all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="holds the tables; or a zip archive of it")
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="try everything, say row by row what would be done, and take it back",
        )
        parser.add_argument(
            "--language", default=settings.LANGUAGE_CODE, help="of what is said about the rows"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        languages = tuple(code for code, _name in settings.LANGUAGES)
        report = self.stdout.write if options["verbosity"] else (lambda line: None)
        dry_run = options["dry_run"]
        with translation.override(options["language"]):
            try:
                with archive.opened(options["folder"]) as folder:
                    name = survey.name_of(folder, options["folder"])
                    package = reader.read(folder, languages, survey.keys_of(name))
                for sentence in package.assumptions:
                    report(sentence)
                outcome = writer.write(package, name, report=report, dry_run=dry_run)
            except ImportRefused as refused:
                if refused.plan is not None and dry_run:
                    for line in telling.rows(refused.plan):
                        report(line)
                for problem in refused.problems:
                    self.stderr.write(str(problem))
                raise CommandError(
                    _("Nothing was loaded: %(count)d problems, listed above.")
                    % {"count": len(refused.problems)}
                ) from None
            for line in telling.rows(outcome.plan) if dry_run else telling.tables(outcome.plan):
                report(line)
            if dry_run:
                report(_("Nothing was written: this was a dry run."))
            elif outcome.seconds and connection.vendor == "sqlite":
                report(
                    _("The database was locked for other writers for %(seconds).1f seconds.")
                    % {"seconds": outcome.seconds}
                )
