"""Facts in bulk, in the order in which they became known: the rows, and all that hangs on them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry, Revision

from assemblies import clock, history, projection
from assemblies.models import Act, Action, Change, ChangeKind, Measure, Withdrawal
from assemblies.signals import told_together
from exchange.batches import batched
from exchange.bulk import books, indexes
from exchange.bulk.checks import Clean, Taken
from exchange.bulk.keys import Keys, insert, reserve
from exchange.made import Draft, Made
from exchange.models import MODELS
from exchange.plan import FACTS
from exchange.problems import Problem
from exchange.progress import Progress
from exchange.row import Row

#: Facts written at once.
BATCH = 500

Maker = Callable[[Made, Row], Draft]
Attempt = Callable[[Made, Row, Callable[[Row], Any]], list[Problem]]


def publish(
    made: Made,
    rows: Iterable[Row],
    number: int,
    makers: dict[str, Maker],
    progress: Progress,
    attempt: Attempt,
) -> list[Problem]:
    """Publish facts in this order; what is wrong with any of them comes back.

    ``number``: how many they are.
    """
    load = _Load(made)
    with told_together(Change):
        problems: list[Problem] = []
        done = 0
        for part in batched(rows, BATCH):
            made.prepare(part)
            batch = _Batch(part)
            for row in part:
                make = partial(load.publish, make=makers[row.table], batch=batch)
                problems += attempt(made, row, make)
            problems += load.write(batch)
            done += len(part)
            progress.at(_("facts"), done, number)
        if not problems:
            indexes.count_anew(done)
            load.finish(progress)
        return problems


class _Batch:
    """What is about to be written, and the keys it will have."""

    def __init__(self, rows: Sequence[Row]):
        tables = Counter(row.table for row in rows)
        #: Acts and measures bring an action each.
        bring = tables["actions"] + tables["acts"] + tables["measures"]
        self.keys = {
            MODELS[table]: reserve(MODELS[table], bring if table == "actions" else tables[table])
            for table in FACTS
        }
        self.revision_keys = reserve(Revision, len(rows))
        self.child_keys: dict[type, Keys] = {}
        self.numbers = books.Numbers()
        #: The facts that each row brings.
        self.facts: list[tuple[Row, list[Any]]] = []
        self.revisions: list[Revision] = []
        self.entries: list[ModelLogEntry] = []

    def give_keys(self, fact: Any) -> None:
        """Its own key, and one for each row that is part of it."""
        fact.pk = self.keys[type(fact)].take()
        for child in children(fact):
            model = type(child)
            setattr(child, model.fact_field, fact)
            if model not in self.child_keys:
                self.child_keys[model] = reserve(model)
            child.pk = self.child_keys[model].take()


def children(fact: Any) -> Iterator[Any]:
    for name in fact.child_relations:
        yield from getattr(fact, name).all()


def links(fact: Any) -> Iterator[Any]:
    """The rows behind its many-to-many fields."""
    for name in fact.many_relations:
        field = fact._meta.get_field(name)
        through = field.remote_field.through
        for other in getattr(fact, name).all():
            yield through(**{field.m2m_field_name(): fact, field.m2m_reverse_field_name(): other})


def first_read(day: date | None, after: Iterable[Any] = ()) -> datetime:
    """The moment of publication: now, or at noon of the day on which another site published it.

    Never before that of a fact that it names: nobody could have named it then.
    """
    now = min(timezone.now(), clock.now())
    if day is None:
        return now
    moment = min(now, timezone.make_aware(datetime.combine(day, time(12))))
    return max([moment, *(fact.first_published_at for fact in after)])


def named_by(fact: Any) -> Iterator[Any]:
    """The published facts that a fact names: what it corrects or contests, its measures."""
    above = (getattr(fact, name, None) for name in ("corrects", "contests", "replaces"))
    beside = (getattr(child, "measure", None) for child in children(fact))
    for each in (*above, *beside):
        if each is not None and each is not fact:
            yield each


class _Load:
    """One run: what is taken already, and what is to be computed anew in the end."""

    def __init__(self, made: Made):
        self.made = made
        self.clean = Clean()
        self.taken = Taken()
        self.recommendations: set[int] = set()
        self.measures: set[int] = set()
        self.written: dict[type, list[int]] = defaultdict(list)

    # -- in memory -----------------------------------------------------------------------------

    def publish(self, row: Row, make: Maker, batch: _Batch) -> Any:
        """Make the fact of a row, check it as its publication would, and note what is written."""
        draft = make(self.made, row)
        fact = draft.fact
        self.clean(fact)
        self.taken.check(fact)
        batch.give_keys(fact)
        fact._note_words(None)
        revision = books.revision(fact, batch.revision_keys.take())
        self.taken.place(fact)
        step = self._step(fact, batch)
        fact.latest_revision_id = fact.live_revision_id = revision.pk
        moment = first_read(row["published_on"], after=named_by(fact))
        self._go_live(fact, batch, moment)
        batch.revisions.append(revision)
        batch.entries.append(books.fact_entry(fact, revision.pk))
        if step is not None:
            self._go_live(step, batch, moment)
            self.made.note_step(row.table, row.key, step)
        batch.facts.append((row, [fact] if step is None else [fact, step]))
        for table, key, part in draft.parts:
            self.made.note(table, key, part.pk)
        return fact

    def _step(self, fact: Any, batch: _Batch) -> Action | None:
        """The vote that an act is, or the step that a measure's first lead is."""
        step = None
        if isinstance(fact, Act):
            step = fact.vote()
        elif isinstance(fact, Measure):
            step = fact.first_step()
        if step is not None:
            step.check_publishable()
            batch.give_keys(step)
            step._note_words(None)
        return step

    def _go_live(self, fact: Any, batch: _Batch, moment: datetime) -> None:
        fact.live = True
        fact.first_published_at = fact.last_published_at = moment
        if isinstance(fact, Action):
            fact.before_publication(batch.numbers.next)
            recommendations, measures = fact.subjects()
            self.recommendations |= recommendations
            self.measures |= measures
        elif isinstance(fact, Measure):
            self.measures.add(fact.pk)
            self.recommendations |= {each.recommendation_id for each in fact.serves.all()}
        batch.numbers.record(
            ChangeKind.PUBLISHED, fact.subject_name, fact.pk, history.content(fact)
        )

    # -- in the database -----------------------------------------------------------------------

    def write(self, batch: _Batch) -> list[Problem]:
        """Write a batch; if the database refuses it, tell which of its rows it means."""
        try:
            with transaction.atomic():
                self._write([fact for _row, facts in batch.facts for fact in facts])
                insert(Revision, batch.revisions)
                insert(ModelLogEntry, batch.entries)
                batch.numbers.write()
        except IntegrityError as error:
            return self._blame(batch) or [Problem(file="", reason=str(error))]
        return []

    def _write(self, facts: list[Any]) -> None:
        by_model: dict[Any, list[Any]] = defaultdict(list)
        for fact in facts:
            by_model[type(fact)].append(fact)
        parts: dict[Any, list[Any]] = defaultdict(list)
        for fact in facts:
            for part in (*children(fact), *links(fact)):
                parts[type(part)].append(part)
        with history.publishing_many(facts):
            for model, rows in (*by_model.items(), *parts.items()):
                model._base_manager.bulk_create(rows)
        indexes.references(facts)
        for withdrawal in by_model.get(Withdrawal, ()):
            withdrawal.after_publication()
        for model, rows in by_model.items():
            self.written[model] += [fact.pk for fact in rows]

    def _blame(self, batch: _Batch) -> list[Problem]:
        """Write each row alone, and take it back: what the database refuses is that row's fault."""
        problems = []
        for row, facts in batch.facts:
            try:
                with transaction.atomic():
                    self._write(facts)
            except IntegrityError as error:
                problems.append(Problem(file=row.file, row=row.number, reason=str(error)))
        return problems

    def finish(self, progress: Progress) -> None:
        """States, and Wagtail's search index."""
        self.recommendations |= self.made.unprojected
        every = len(self.recommendations) + len(self.measures)
        steps = projection.project_in_steps(
            recommendations=self.recommendations, measures=self.measures
        )
        for done in steps:
            progress.at(_("states"), done, every)
        for model, pks in self.written.items():
            for done in indexes.search(model, pks):
                progress.at(_("search index"), done, len(pks))
