from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assemblies import directory
from home import contact


class Command(BaseCommand):
    help = "Mails the messages of the contact form that could not be sent when they came."

    def handle(self, *args: Any, **options: Any) -> None:
        sent, unsent = contact.send_again(directory.current())
        self.stdout.write(f"{sent} sent")
        if unsent:
            raise CommandError(f"{unsent} still unsent")
