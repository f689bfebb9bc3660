"""What an export holds: everything that is published, or what belongs to one assembly or cycle.

Drafts are never in it, nor what is off the site. A folder of one assembly or cycle names no row
that it does not hold.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan

from assemblies import models
from assemblies.enums import Kind


@dataclass(frozen=True)
class Scope:
    """The whole site; with ``assembly``, what is that assembly's; with ``cycle``, that cycle's.

    ``public``: without the words of withdrawn recommendations, which the site does not show either.
    """

    assembly: models.Assembly | None = None
    cycle: models.Cycle | None = None
    public: bool = False

    @property
    def whole(self) -> bool:
        return self.assembly is None and self.cycle is None

    # -- pages --------------------------------------------------------------------------------

    def assemblies(self) -> QuerySet[models.Assembly]:
        rows = models.Assembly.objects.filter(page__live=True)
        if self.cycle is not None:
            return rows.filter(pk=self.cycle.assembly_id)
        return rows if self.assembly is None else rows.filter(pk=self.assembly.pk)

    def cycles(self) -> QuerySet[models.Cycle]:
        rows = models.Cycle.objects.filter(page__live=True, assembly__page__live=True)
        if self.cycle is not None:
            # A measure or an act of another cycle may be about recommendations of this one.
            return rows.filter(
                Q(pk=self.cycle.pk)
                | Q(pk__in=self.measures().values("cycle"))
                | Q(pk__in=self.acts().values("cycle"))
            )
        return rows if self.assembly is None else rows.filter(assembly=self.assembly)

    def recommendations(self) -> QuerySet[models.Recommendation]:
        rows = models.Recommendation.objects.filter(
            page__live=True, cycle__page__live=True, cycle__assembly__page__live=True
        )
        if self.cycle is not None:
            return rows.filter(cycle=self.cycle)
        return rows if self.assembly is None else rows.filter(cycle__assembly=self.assembly)

    # -- lists --------------------------------------------------------------------------------

    def regimes(self) -> QuerySet[models.Regime]:
        rows = models.Regime.objects.all()
        if self.whole:
            return rows
        return rows.filter(
            Q(assemblies__in=self.assemblies())
            | Q(pk__in=models.DutyRule.objects.filter(pk__in=self._answered()).values("regime"))
        ).distinct()

    def duty_rules(self) -> QuerySet[models.DutyRule]:
        rows = models.DutyRule.objects.all()
        return rows if self.whole else rows.filter(regime__in=self.regimes())

    def _answered(self) -> QuerySet[models.Action, dict[str, Any]]:
        return self.actions().filter(answers__isnull=False).order_by().values("answers")

    def topics(self) -> QuerySet[models.Topic]:
        rows = models.Topic.objects.all()
        return rows if self.whole else rows.filter(pk__in=self._topics())

    def _topics(self) -> QuerySet[Any, Any]:
        chosen = models.Recommendation.topics.through.objects
        return chosen.filter(recommendation__in=self.recommendations()).values("topic")

    def bodies(self) -> QuerySet[models.Body]:
        rows = models.Body.objects.all()
        return rows if self.whole else rows.filter(pk__in=self._bodies)

    @cached_property
    def _bodies(self) -> set[int]:
        """The assembly's own, those that any row names, and those above or after them."""
        recommendations, measures, actions = (
            self.recommendations().order_by(),
            self.measures().order_by(),
            self.actions().order_by(),
        )
        links = [
            models.Body.objects.filter(assembly__in=self.assemblies()).values("pk"),
            self.assemblies().values("committee"),
            self.kinds().values("deciding_body"),
            recommendations.values("deciding_body"),
            models.Recommendation.addressees.through.objects.filter(
                recommendation__in=recommendations
            ).values("body"),
            self.acts().order_by().values("council"),
            self.acts().order_by().values("lead_body"),
            measures.values("announced_by"),
            measures.values("first_lead"),
            models.Measure.contributors.through.objects.filter(measure__in=measures).values("body"),
            actions.values("body"),
            actions.values("concerned_body"),
            self.announced_counts().order_by().values("body"),
        ]
        found = {row for link in links for each in link.distinct() for row in each.values()}
        beside = {
            row: (parent, successor)
            for row, parent, successor in models.Body.objects.values_list(
                "pk", "parent", "successor"
            )
        }
        more = found & beside.keys()
        found = set()
        while more:
            found |= more
            more = {other for row in more for other in beside[row] if other} - found
        return found

    def kinds(self) -> QuerySet[models.RecommendationKind]:
        return models.RecommendationKind.objects.filter(assembly__in=self.assemblies())

    def kind_words(self) -> QuerySet[models.KindWord]:
        return models.KindWord.objects.filter(kind__in=self.kinds())

    def groups(self) -> QuerySet[models.Group]:
        rows = models.Group.objects.filter(cycle__in=self.cycles())
        return rows if self.cycle is None else rows.filter(cycle=self.cycle)

    # -- facts --------------------------------------------------------------------------------

    def measures(self) -> QuerySet[models.Measure]:
        rows = models.Measure.objects.filter(live=True)
        if self.cycle is not None:
            serving = models.MeasureServes.objects.filter(recommendation__cycle=self.cycle)
            return rows.filter(Q(cycle=self.cycle) | Q(pk__in=serving.values("measure")))
        return rows if self.assembly is None else rows.filter(cycle__assembly=self.assembly)

    def measure_serves(self) -> QuerySet[models.MeasureServes]:
        return models.MeasureServes.objects.filter(
            measure__in=self.measures(), recommendation__in=self.recommendations()
        )

    def acts(self) -> QuerySet[models.Act]:
        rows = models.Act.objects.filter(live=True)
        if self.cycle is not None:
            adopting = models.ActAdopts.objects.filter(recommendation__cycle=self.cycle)
            return rows.filter(Q(cycle=self.cycle) | Q(pk__in=adopting.values("act")))
        return rows if self.assembly is None else rows.filter(cycle__assembly=self.assembly)

    def actions(self) -> QuerySet[models.Action]:
        """The steps, but for those that an act or a measure makes by being published."""
        rows = models.Action.objects.filter(live=True, act__isnull=True)
        rows = rows.exclude(pk__in=leads_as_announced())
        if self.cycle is not None:
            return rows.filter(self._about(self.cycle) | Q(pk__in=self._corrections))
        return rows if self.assembly is None else rows.filter(assembly=self.assembly)

    def _about(self, cycle: models.Cycle) -> Q:
        aimed = models.ActionTarget.objects.filter(
            Q(recommendation__cycle=cycle) | Q(measure__in=self.measures())
        )
        return Q(cycle=cycle) | Q(group__cycle=cycle) | Q(pk__in=aimed.values("action"))

    @cached_property
    def _corrections(self) -> set[int]:
        """Steps about this cycle through what they correct, or through what corrects them."""
        assert self.cycle is not None
        rows = models.Action.objects.filter(live=True, corrects__isnull=False)
        pairs = list(rows.values_list("pk", "corrects"))
        ends = {row for pair in pairs for row in pair}
        found = set(
            models.Action.objects.filter(self._about(self.cycle), pk__in=ends).values_list(
                "pk", flat=True
            )
        )
        while more := {row for pair in pairs if found & set(pair) for row in pair} - found:
            found |= more
        return found

    def targets(self) -> QuerySet[models.ActionTarget]:
        return models.ActionTarget.objects.filter(action__in=self.actions()).filter(
            Q(recommendation__in=self.recommendations()) | Q(measure__in=self.measures())
        )

    def sources(self) -> QuerySet[models.Source]:
        return models.Source.objects.filter(action__in=self.actions())

    def announced_counts(self) -> QuerySet[models.AnnouncedCount]:
        rows = models.AnnouncedCount.objects.filter(live=True, cycle__in=self.cycles())
        return rows if self.cycle is None else rows.filter(cycle=self.cycle)

    def passages(self) -> QuerySet[models.Passage]:
        """What became of parts of the texts; of those that are shown no more, nothing is quoted."""
        rows = models.Passage.objects.filter(live=True, recommendation__in=self.recommendations())
        return rows.filter(recommendation__withdrawn_on=None) if self.public else rows

    def withdrawals(self) -> QuerySet[models.Withdrawal]:
        return models.Withdrawal.objects.filter(
            live=True, recommendation__in=self.recommendations()
        )


def leads_as_announced() -> QuerySet[Any, Any]:
    """The step of each measure that says who leads it and by when, as it was announced.

    The measure makes it by being published, the first of its kind, and so it does again wherever
    it is loaded.
    """
    leads = models.Action.objects.filter(
        kind=Kind.LEAD, live=True, corrects__isnull=True, targets__measure=OuterRef("pk")
    )
    announced = models.Measure.objects.filter(live=True).filter(
        Q(first_lead__isnull=False)
        | Q(first_deadline__isnull=False)
        | Q(GreaterThan(Length("first_deadline_words"), 2))
    )
    steps = announced.annotate(step=Subquery(leads.order_by("number").values("pk")[:1]))
    return steps.filter(step__isnull=False).order_by().values("step")
