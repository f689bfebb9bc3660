"""Recommendations in bulk: their pages in each language, and the register rows."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, PageLogEntry, Revision

from assemblies import references
from assemblies.models import (
    Body,
    Change,
    ChangeKind,
    Cycle,
    Recommendation,
    RecommendationPage,
    Topic,
)
from assemblies.signals import told_together
from exchange import pages
from exchange.batches import batched
from exchange.bulk import books, indexes
from exchange.bulk.checks import Clean
from exchange.bulk.keys import insert, reserve
from exchange.made import Made
from exchange.problems import Problem
from exchange.progress import Progress
from exchange.row import Row

#: Rows written at once, each with its pages.
BATCH = 250

Attempt = Callable[[Made, Row, Callable[[Row], Any]], list[Problem]]


def publish(
    made: Made, rows: Iterable[Row], number: int, progress: Progress, attempt: Attempt
) -> list[Problem]:
    """Publish recommendations in this order; what is wrong with any of them comes back.

    ``number``: how many they are.
    """
    load = _Load(made)
    with told_together(Change):
        return _written(load, rows, number, progress, attempt)


def _written(
    load: "_Load", rows: Iterable[Row], number: int, progress: Progress, attempt: Attempt
) -> list[Problem]:
    problems: list[Problem] = []
    done = 0
    for part in batched(rows, BATCH):
        load.made.prepare(part)
        batch = _Batch(len(part) * max(len(load.made.locales), 1), len(part))
        for row in part:
            problems += attempt(load.made, row, partial(load.publish, batch=batch))
        problems += load.write(batch)
        done += len(part)
        progress.at("recommendations", done, number)
    if done and not problems:
        load.finish(progress)
    return problems


class _Batch:
    """What is about to be written, and the keys it will have."""

    def __init__(self, number_of_pages: int, number_of_rows: int):
        self.page_keys = reserve(Page, number_of_pages)
        self.revision_keys = reserve(Revision, number_of_pages)
        self.row_keys = reserve(Recommendation, number_of_rows)
        self.numbers = books.Numbers()
        self.rows: list[tuple[Row, Recommendation, list[RecommendationPage]]] = []
        self.revisions: list[Revision] = []
        self.entries: list[PageLogEntry] = []


class _Place:
    """Where the next page below a parent goes."""

    def __init__(self, parent: Page):
        self.parent = parent
        last = parent.get_children().order_by("-path").only("path").first()
        self.last = last.path if last else None
        self.added = 0

    def take(self) -> str:
        steps = Page._str2int(self.last[-Page.steplen :]) if self.last else 0
        self.last = Page._get_path(self.parent.path, self.parent.depth + 1, steps + 1)
        self.added += 1
        return self.last


class _Load:
    """One run: where pages go, which references are taken."""

    def __init__(self, made: Made):
        self.made = made
        self.clean = Clean()
        self.places: dict[int, _Place] = {}
        #: Per cycle: references that are taken.
        self.taken: dict[int, set[str]] = {}
        self.unlabelled: dict[int, Cycle] = {}
        self.order_of_topics = _order(Topic)
        self.order_of_bodies = _order(Body)
        self.written: list[int] = []
        self.pages: list[int] = []

    # -- in memory -----------------------------------------------------------------------------

    def publish(self, row: Row, batch: _Batch) -> Recommendation:
        """Make a recommendation's pages and register row, check them, note what is written."""
        made = self.made
        versions, above = pages.versions(made, row)
        cycle = made.of("cycles", row["cycle"])
        original: RecommendationPage = next(iter(versions.values()))
        for language, page in versions.items():
            self._check(page, above[language])
        if errors := original.errors_in(cycle, taken=self._taken(cycle)):
            raise ValidationError(errors)
        register = self._register(original, cycle, batch)
        for language, page in versions.items():
            self._go_live(page, above[language], batch)
            if page is original:
                register.page = original
                kind, said = ChangeKind.PUBLISHED, register.said()
            else:
                kind, said = ChangeKind.REVISED, page.said()
            batch.numbers.record(kind, register.subject_name, register.pk, said)
        batch.rows.append((row, register, list(versions.values())))
        return register

    def _check(self, page: RecommendationPage, parent: Page) -> None:
        page.draft_title = page.title
        page.set_url_path(parent)
        taken = self.made.slugs(parent)
        if page.slug in taken:
            reason = _("Another page has this address: %(slug)s")
            raise ValidationError({"slug": reason % {"slug": page.slug}})
        # Whether it is free was asked just now; Page.clean would ask the database.
        page._check_slug_is_unique = lambda: None
        try:
            self.clean(page)
        finally:
            del page._check_slug_is_unique
        taken.add(page.slug)

    def _taken(self, cycle: Cycle) -> set[str]:
        if cycle.pk not in self.taken:
            there = Recommendation.objects.filter(cycle=cycle)
            self.taken[cycle.pk] = set(there.values_list("reference", flat=True))
        return self.taken[cycle.pk]

    def _register(self, page: RecommendationPage, cycle: Cycle, batch: _Batch) -> Recommendation:
        """The register row, as ``RecommendationPage.before_register`` fills it."""
        row = Recommendation(
            pk=batch.row_keys.take(),
            translation_key=page.translation_key,
            cycle=cycle,
            **page.register_values(),
        )
        row.deciding_body_id = page.deciding_body_id or page.kind.deciding_body_id
        row.reference = self._reference(page, cycle)
        row.handed_over_on = page.handed_over_on or cycle.handed_over_on
        row.position = row.own_position()
        topics = {each.pk for each in page.topics.all()}
        bodies = {each.pk for each in page.addressees.all()}
        row.topic_keys = sorted(topics, key=self.order_of_topics.__getitem__)
        row.addressee_keys = sorted(bodies, key=self.order_of_bodies.__getitem__)
        return row

    def _reference(self, page: RecommendationPage, cycle: Cycle) -> str:
        taken = self._taken(cycle)
        label = references.code(page.label)
        if not label:
            label = cycle.next_label(taken)
            self.unlabelled[cycle.pk] = cycle
        reference = references.join(cycle.reference, label)
        taken.add(reference)
        return reference

    def _go_live(self, page: RecommendationPage, parent: Page, batch: _Batch) -> None:
        """Keys, place in the tree, the revision of the draft, then the page as published."""
        if parent.pk not in self.places:
            self.places[parent.pk] = _Place(parent)
        page.wagtail_admin_comments = []
        page.pk = page.id = page.page_ptr_id = batch.page_keys.take()
        page.path = self.places[parent.pk].take()
        page.depth = parent.depth + 1
        page.numchild = 0
        revision = books.revision(page, batch.revision_keys.take())
        page.live = True
        page.has_unpublished_changes = False
        page.first_published_at = page.last_published_at = timezone.now()
        page.latest_revision_created_at = revision.created_at
        page.latest_revision_id = page.live_revision_id = revision.pk
        batch.revisions.append(revision)
        batch.entries.append(books.page_entry(page, "wagtail.create"))
        batch.entries.append(books.page_entry(page, "wagtail.publish", revision.pk))

    # -- in the database -----------------------------------------------------------------------

    def write(self, batch: _Batch) -> list[Problem]:
        """Write a batch; if the database refuses it, tell which of its rows it means."""
        try:
            with transaction.atomic():
                self._write([(register, own) for _row, register, own in batch.rows])
                insert(Revision, batch.revisions)
                insert(PageLogEntry, batch.entries)
                batch.numbers.write()
        except IntegrityError as error:
            return self._blame(batch) or [Problem(file="", reason=str(error))]
        return []

    def _write(self, rows: list[tuple[Recommendation, list[RecommendationPage]]]) -> None:
        every = [page for _register, own in rows for page in own]
        insert(Page, every)
        insert(RecommendationPage, every)
        Recommendation._base_manager.bulk_create([register for register, _own in rows])
        links: dict[Any, list[Any]] = defaultdict(list)
        for register, own in rows:
            for page in own:
                for name in ("topics", "addressees"):
                    field: Any = RecommendationPage._meta.get_field(name)
                    through = field.remote_field.through
                    for other in getattr(page, name).all():
                        links[through].append(
                            through(
                                **{
                                    f"{field.m2m_field_name()}_id": page.pk,
                                    f"{field.m2m_reverse_field_name()}_id": other.pk,
                                }
                            )
                        )
            links[Recommendation.topics.through] += [
                Recommendation.topics.through(recommendation_id=register.pk, topic_id=pk)
                for pk in register.topic_keys
            ]
            links[Recommendation.addressees.through] += [
                Recommendation.addressees.through(recommendation_id=register.pk, body_id=pk)
                for pk in register.addressee_keys
            ]
        for through, found in links.items():
            insert(through, found)
        indexes.references([*every, *(register for register, _own in rows)])
        self.written += [register.pk for register, _own in rows]
        self.pages += [page.pk for page in every]

    def _blame(self, batch: _Batch) -> list[Problem]:
        problems = []
        for row, register, own in batch.rows:
            try:
                with transaction.atomic():
                    self._write([(register, own)])
            except IntegrityError as error:
                problems.append(Problem(file=row.file, row=row.number, reason=str(error)))
        return problems

    def finish(self, progress: Progress) -> None:
        """How many pages each parent has, states, and Wagtail's search index."""
        for pk, place in self.places.items():
            Page.objects.filter(pk=pk).update(numchild=F("numchild") + place.added)
            place.parent.numchild += place.added
        for cycle in self.unlabelled.values():
            cycle.save(update_fields=["last_unlabelled"])
        # Their states are computed with those of the facts, which come next.
        self.made.unprojected |= set(self.written)
        for model, pks in ((RecommendationPage, self.pages), (Recommendation, self.written)):
            for done in indexes.search(model, pks):
                progress.at(_("search index"), done, len(pks))


def _order(model: Any) -> dict[int, int]:
    """Each row's place in the order of the database, which a list keeps them in."""
    return {pk: place for place, pk in enumerate(model.objects.values_list("pk", flat=True))}
