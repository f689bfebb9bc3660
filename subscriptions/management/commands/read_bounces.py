import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from subscriptions import bounces


class Command(BaseCommand):
    help = (
        "Reads the mails that came back and the complaints, from the mailbox in "
        "SUITES_BOUNCES_ROOT or, with --stdin, one mail from a pipe."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--stdin", action="store_true", help="one mail, from a mail server")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["stdin"]:
            found = bounces.take(sys.stdin.buffer.read())
            self.stdout.write(found or "not a report")
            return
        if not settings.SUITES_BOUNCES_ROOT.is_dir():
            return
        ended, other = bounces.empty(settings.SUITES_BOUNCES_ROOT)
        self.stdout.write(f"{ended} ended, {other} other mails left to read")
