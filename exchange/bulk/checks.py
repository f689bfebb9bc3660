"""What a single publication checks, without a query a row."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assemblies.models import Act, Action, Measure, Passage, Withdrawal

#: Where a page stands: given to it when it is written.
OF_THE_TREE = {"path", "depth", "numchild"}


class Clean:
    """``full_clean`` without its queries.

    Whether what a row names exists is known already; what the database holds by a constraint, it
    refuses itself.
    """

    def __init__(self) -> None:
        self.relations: dict[type, set[str]] = {}

    def __call__(self, thing: Any) -> None:
        model = type(thing)
        if model not in self.relations:
            self.relations[model] = {
                each.name
                for each in model._meta.fields
                if each.remote_field is not None or each.name in OF_THE_TREE
            }
        errors: dict[str, list] = {}
        for check in (lambda: thing.clean_fields(exclude=self.relations[model]), thing.clean):
            try:
                check()
            except ValidationError as error:
                errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)


class Taken:
    """What is given once only: labels of measures, numbers of acts, corrections, withdrawals.

    Read once, then kept up with what is being loaded.
    """

    def __init__(self) -> None:
        #: Per cycle: the references of its measures, and how many came without label.
        self.places: dict[int, tuple[set[str], list[int]]] = {}
        self.acts: set[str] | None = None
        self.withdrawn: set[int] | None = None
        self.corrected: set[int] = set()
        #: Per recommendation: its passages in force.
        self.marked: dict[int, list[Passage]] = {}

    def check(self, fact: Any) -> None:
        """Raise what publishing a draft would raise."""
        if isinstance(fact, Withdrawal):
            self._withdraw(fact)
        elif isinstance(fact, Passage):
            self._mark(fact)
        else:
            fact.check_publishable()
        if isinstance(fact, Action) and fact.corrects_id is not None:
            if fact.corrects_id in self.corrected:
                reason = _("This action is corrected already: correct the correction.")
                raise ValidationError({"corrects": reason})
            self.corrected.add(fact.corrects_id)

    def place(self, fact: Any) -> None:
        """What publication gives it, from what others have: its reference, its address."""
        if isinstance(fact, Measure):
            self._place_measure(fact)
        elif isinstance(fact, Act):
            self._place_act(fact)

    def _withdraw(self, withdrawal: Withdrawal) -> None:
        if self.withdrawn is None:
            live = Withdrawal.objects.live().values_list("recommendation_id", flat=True)
            self.withdrawn = set(live)
        if withdrawal.recommendation_id in self.withdrawn:
            raise ValidationError(_("This recommendation is withdrawn already."))
        withdrawal.check_said()
        self.withdrawn.add(withdrawal.recommendation_id)

    def _mark(self, passage: Passage) -> None:
        passage.check_said()
        asked = passage.recommendation_id
        if asked not in self.marked:
            self.marked[asked] = list(Passage.objects.in_force().filter(recommendation=asked))
        others = [each for each in self.marked[asked] if each.pk != passage.replaces_id]
        passage.check_words(others)
        self.marked[asked] = others if passage.withdraws else [*others, passage]

    def _place_measure(self, measure: Measure) -> None:
        cycle = measure.cycle
        if cycle.pk not in self.places:
            there = Measure.objects.filter(cycle=cycle).exclude(reference="")
            labels = list(there.values_list("reference", "label"))
            unlabelled = sum(1 for _reference, label in labels if not label)
            self.places[cycle.pk] = ({reference for reference, _label in labels}, [unlabelled])
        taken, unlabelled_so_far = self.places[cycle.pk]
        measure.place(taken=taken, unlabelled=unlabelled_so_far[0])
        taken.add(measure.reference)
        unlabelled_so_far[0] += not measure.label

    def _place_act(self, act: Act) -> None:
        if self.acts is None:
            self.acts = set(Act.objects.exclude(slug="").values_list("slug", flat=True))
        act.slug = act.reference
        if act.slug in self.acts:
            raise ValidationError({"number": _("Another act of this assembly has this number.")})
        self.acts.add(act.slug)
