import logging
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections

from portal.schedule import JOBS
from subscriptions.clockwork import run_due

logger = logging.getLogger(__name__)

#: Seconds between two looks at the clock.
PAUSE = 5


class Command(BaseCommand):
    help = (
        "Does all periodic work, each kind when it is due: digests, clean-up, the clock, open "
        "data. Two of them do it once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, and end")

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            try:
                done = run_due(JOBS)
            except OperationalError as problem:
                # An import may hold SQLite's only lock for minutes: what is due is due a moment
                # later, too.
                if options["once"]:
                    raise
                logger.warning("The clock looks again in a moment: %s", problem)
                done = []
            for name in done:
                if options["once"] or options["verbosity"] > 1:
                    self.stdout.write(name)
            if options["once"]:
                return
            time.sleep(PAUSE)
            close_old_connections()
