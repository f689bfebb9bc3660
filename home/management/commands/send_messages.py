from typing import Any

from django.core.management.base import BaseCommand, CommandError

from home import contact


class Command(BaseCommand):
    help = "Mails the messages of the contact form that no worker could send when they came."

    def handle(self, *args: Any, **options: Any) -> None:
        sent, unsent = contact.send_again()
        self.stdout.write(f"{sent} sent")
        if unsent:
            raise CommandError(f"{unsent} still unsent")
