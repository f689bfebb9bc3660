from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from exchange.converters import canada, decidim
from exchange.converters.folder import Given
from exchange.problems import ImportRefused

CONVERTERS = {"decidim": decidim.convert, "canada": canada.convert}


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is no day like 2026-01-31") from None


class Command(BaseCommand):
    help = "Turns a file of another system into a folder that import_data reads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path, help="the other system’s file")
        parser.add_argument("to", type=Path, help="the folder to write")
        parser.add_argument("--from", dest="system", choices=sorted(CONVERTERS), required=True)
        parser.add_argument("--assembly", required=True, help="its code, for instance LGE")
        parser.add_argument("--title", required=True, help="what the assembly is called")
        parser.add_argument("--body", required=True, help="the authority that answers")
        parser.add_argument(
            "--stated-on", type=day, required=True, help="the day of the file: 2026-01-31"
        )
        parser.add_argument("--cycle", default="C1", help="decidim: the code of the cycle")
        parser.add_argument("--source-url", default="", help="where the file’s content can be read")
        parser.add_argument(
            "--proposals", type=Path, help="decidim: the platform’s own export of its proposals"
        )
        parser.add_argument(
            "--language", default=settings.LANGUAGE_CODE, help="of the messages about mistakes"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        given = Given(
            assembly=options["assembly"].upper(),
            title=options["title"],
            body=options["body"],
            stated_on=options["stated_on"],
            cycle=options["cycle"].upper(),
            source_url=options["source_url"],
            proposals=options["proposals"],
        )
        with translation.override(options["language"]):
            try:
                conversion = CONVERTERS[options["system"]](options["source"], given)
                conversion.write(options["to"])
            except ImportRefused as refused:
                for problem in refused.problems:
                    self.stderr.write(str(problem))
                raise CommandError(
                    f"Nothing was written: {len(refused.problems)} problems, listed above."
                ) from None
        for note in conversion.notes:
            self.stdout.write(note)
        if options["verbosity"]:
            for table, rows in conversion.rows.items():
                if rows:
                    self.stdout.write(f"  {table}: {len(rows)}")
            self.stdout.write(f"Read {options['to']}, complete it, then: import_data --dry-run")
