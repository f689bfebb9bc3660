"""Find what was changed behind the guards."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from assemblies import audit


class Command(BaseCommand):
    help = (
        "Recompute the fingerprint of everything published and compare it with the change log; "
        "look for gaps in its numbers, and for register rows that differ from their pages."
    )

    def handle(self, *args, **options):
        findings = list(audit.findings())
        for finding in findings:
            self.stderr.write(finding)
        if findings:
            raise CommandError(
                _("%(count)s differences from what was published.") % {"count": len(findings)}
            )
        self.stdout.write(_("Everything is as it was published."))
