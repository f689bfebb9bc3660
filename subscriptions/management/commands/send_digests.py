from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from subscriptions import asking, rounds, tasks


class Command(BaseCommand):
    help = (
        "Writes the digests that are due into the outbox and calls a worker to send them; safe to "
        "run twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="only say what would go out if all were due now"
        )
        parser.add_argument(
            "--now", action="store_true", help="hold a round of every rhythm, whatever the day"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            for outcome in rounds.preview():
                self._say(outcome)
            self.stdout.write("Nothing was written.")
            return
        asking.queue_confirmations()
        for outcome in rounds.send_now() if options["now"] else rounds.send_due():
            if outcome.mails or options["verbosity"] > 1:
                self._say(outcome)
        if tasks.post_if_needed():
            self.stdout.write("A worker is called.")

    def _say(self, outcome: rounds.Outcome) -> None:
        self.stdout.write(
            f"{outcome.frequency}: {outcome.mails} mails, {outcome.items} things told, "
            f"up to no. {outcome.upto}"
        )
