from typing import Any

from django.core.management.base import BaseCommand, CommandError

from subscriptions.delivery import deliver


class Command(BaseCommand):
    help = "Sends what is in the outbox, here and now, until it is empty."

    def handle(self, *args: Any, **options: Any) -> None:
        outcome = deliver(seconds=float("inf"))
        self.stdout.write(
            f"{outcome.sent} sent, {outcome.put_off} put off, {outcome.refused} refused, "
            f"{outcome.dropped} no longer wanted"
        )
        if outcome.stopped:
            raise CommandError(f"Stopped before the outbox was empty: {outcome.stopped}")
