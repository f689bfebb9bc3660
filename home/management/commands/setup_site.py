from typing import Any

from django.core.management.base import BaseCommand

from assemblies.presets import load_presets
from home.setup import set_up


class Command(BaseCommand):
    help = (
        "Makes the site ready: languages, home pages, standard pages, ready-made regimes. "
        "Safe to repeat: what is there stays."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        made = [*set_up(), *(f"regime {code}" for code in load_presets())]
        for each in made:
            self.stdout.write(each)
        self.stdout.write(f"{len(made)} made")
