from typing import Any

from django.core.management.base import BaseCommand

from home import contact


class Command(BaseCommand):
    help = "Erases the messages of the contact form that are older than the privacy page says."

    def handle(self, *args: Any, **options: Any) -> None:
        erased, forgotten = contact.erase()
        self.stdout.write(f"{erased} erased, {forgotten} without origin")
