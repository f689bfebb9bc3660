from typing import Any

from django.core.management.base import BaseCommand

from subscriptions.keeping import clean_up


class Command(BaseCommand):
    help = "Erases addresses, requests and mails that are older than the privacy page says."

    def handle(self, *args: Any, **options: Any) -> None:
        done = clean_up()
        self.stdout.write(", ".join(f"{number} {name}" for name, number in done.items()))
