from typing import Any

from django.core.management.base import BaseCommand, CommandError

from booklets import audit


class Command(BaseCommand):
    help = "Recomputes every fingerprint of the frozen booklets, and names what differs."

    def handle(self, *args: Any, **options: Any) -> None:
        checked, findings = audit.check()
        for finding in findings:
            self.stdout.write(finding)
        if findings:
            raise CommandError(f"{len(findings)} finding(s) in {checked} edition(s).")
        if options["verbosity"]:
            self.stdout.write(f"{checked} edition(s): every fingerprint holds.")
