from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assemblies.models import Assembly, Cycle
from exchange import export
from exchange.export.package import NAME


class Command(BaseCommand):
    help = "Writes what is published, history included, as a folder that import_data reads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("to", type=Path, help="a folder, or a file that ends in .zip")
        only = parser.add_mutually_exclusive_group()
        only.add_argument("--assembly", metavar="CODE", help="only what is this assembly’s: BXL")
        only.add_argument("--cycle", metavar="REFERENCE", help="only what is this cycle’s: BXL-C2")
        parser.add_argument(
            "--package", default=NAME, metavar="NAME", help="the name of the data package"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        scope = export.Scope()
        if options["assembly"]:
            assembly = Assembly.objects.filter(code=options["assembly"].upper()).first()
            if assembly is None:
                raise CommandError(f"There is no assembly {options['assembly']}.")
            scope = export.Scope(assembly=assembly)
        if options["cycle"]:
            cycle = Cycle.objects.filter(reference=options["cycle"].upper()).first()
            if cycle is None:
                raise CommandError(f"There is no cycle {options['cycle']}.")
            scope = export.Scope(cycle=cycle)
        report = self.stdout.write if options["verbosity"] else (lambda line: None)
        to: Path = options["to"]
        try:
            if to.suffix.lower() == ".zip":
                export.write_zip(to, scope, options["package"], report)
            else:
                export.write_folder(to, scope, options["package"], report)
        except OSError as error:
            raise CommandError(f"{to} can’t be written: {error.strerror}.") from None
