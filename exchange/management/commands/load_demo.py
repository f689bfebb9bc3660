from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from assemblies.models import Assembly
from exchange import reader

DEMO = Path(__file__).resolve().parents[3] / "demo"


class Command(BaseCommand):
    help = "Loads the demo, unless the site has it already."

    def handle(self, *args: Any, **options: Any) -> None:
        languages = tuple(code for code, _name in settings.LANGUAGES)
        codes = [row["code"] for row in reader.read(DEMO, languages)["assemblies"]]
        if codes and Assembly.objects.filter(code__in=codes).exists():
            return
        call_command("setup_site", stdout=self.stdout)
        call_command("import_data", DEMO, verbosity=options["verbosity"], stdout=self.stdout)
