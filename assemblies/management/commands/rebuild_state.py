"""Compute states anew from the published actions."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from assemblies import projection
from assemblies.models import Cycle, DueSpan, Measure, Recommendation, StateSpan

#: Columns that a rebuild may change; compared by ``--check``.
RECOMMENDATION_COLUMNS = (
    "pk",
    "response",
    "response_first",
    "response_last",
    "implementation",
    "implementation_first",
    "implementation_last",
    "opinion",
    "opinion_object",
    "opinion_on",
    "next_due",
    "last_action_on",
)
MEASURE_COLUMNS = (
    "pk",
    "implementation",
    "implementation_on",
    "lead",
    "deadline",
    "next_due",
    "last_action_on",
)
SPAN_COLUMNS = ("recommendation", "measure", "axis", "value", "start", "end", "set_by")
DUE_COLUMNS = ("recommendation", "measure", "due", "start", "end")


def stored() -> tuple[set, ...]:
    """What the projection holds at present, as comparable rows."""
    return (
        set(Recommendation.objects.values_list(*RECOMMENDATION_COLUMNS)),
        set(Measure.objects.filter(live=True).values_list(*MEASURE_COLUMNS)),
        set(StateSpan.objects.values_list(*SPAN_COLUMNS)),
        set(DueSpan.objects.values_list(*DUE_COLUMNS)),
    )


class Command(BaseCommand):
    help = "Compute state spans and present codes anew from the published actions."

    def add_arguments(self, parser):
        parser.add_argument("--cycle", help="only this cycle, by its reference (BXL-C1)")
        parser.add_argument(
            "--check", action="store_true", help="exit with status 1 if anything was not up to date"
        )

    def handle(self, *args, cycle=None, check=False, **options):
        cycles = None
        if cycle:
            cycles = Cycle.objects.filter(reference=cycle.upper())
            if not cycles.exists():
                raise CommandError(_("There is no cycle %(reference)s.") % {"reference": cycle})
        before = stored() if check else None
        recommendations, measures = projection.rebuild(cycles=cycles)
        self.stdout.write(
            _("%(recommendations)s recommendations and %(measures)s measures computed anew.")
            % {"recommendations": recommendations, "measures": measures}
        )
        if check and stored() != before:
            raise CommandError(_("Some states were not up to date; they are now."))
