"""Every door to what was published, in one table: each is tried, and found shut.

A door is a way that Django or Wagtail offers to write. Each attempt must be refused with a sentence
that says what to do instead, and leave everything as it was: contents, live flags, pages, register,
change log. What no guard can see (raw SQL) is found by ``check_history``; what is allowed, at the
end, is allowed and nothing more.
"""

import datetime
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection, models, transaction
from django.db.models import ProtectedError
from django.urls import get_resolver
from django.utils import translation
from i18nfield.fields import I18nCharField, I18nTextField
from i18nfield.strings import LazyI18nString
from wagtail.documents import get_document_model
from wagtail.models import Locale, Page, PageViewRestriction, Revision, Workflow
from wagtail_localize.models import Translation, TranslationSource

from assemblies import audit, clock, history
from assemblies.models import (
    FACT_PARTS,
    FACTS,
    REGISTERS,
    Act,
    ActAdopts,
    Action,
    ActionTarget,
    AnnouncedCount,
    Assembly,
    Body,
    Change,
    Cycle,
    Measure,
    MeasureServes,
    Passage,
    PassageMeasure,
    Recommendation,
    RecommendationKind,
    RecommendationPage,
    Source,
    Withdrawal,
)
from tests.assemblies.desk import (
    bulk_url,
    client_of,
    desk_url,
    filled,
    make_user,
    page_url,
    told,
)
from tests.factories import (
    draft_action,
    make_act,
    make_body,
    make_count,
    make_cycle,
    make_group,
    make_kind,
    make_measure,
    make_passage,
    make_recommendation,
    make_world,
    publish_action,
    source,
    withdraw,
)

pytestmark = pytest.mark.django_db

#: What to do instead: every refusal names one of these, or says what stays where it is.
INSTEAD = re.compile(
    r"correction|withdrawal|missing language|another document|as a new page|by its own form"
    r"|written by its page|never rewritten|Fixed at first publication|stays with it"
    r"|delete it instead"
)
#: What the database's own protection says, where somebody goes round all that is ours.
PROTECTED = "protected by the change log"
PAST = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
FUTURE = datetime.datetime(2099, 1, 1, tzinfo=datetime.UTC)
OTHER_WORDS = {"fr": "Tout autre chose", "nl": "Iets heel anders"}
#: A field of each fact that holds words.
WORDS = {
    Action: "title",
    Measure: "title",
    Act: "title",
    AnnouncedCount: "words",
    Withdrawal: "reason",
    Passage: "words",
}
#: Columns that saving a published fact leaves alone without a word: others compute them.
KEPT = {"words_written", "go_live_at", "locked", "locked_at", "locked_by", "latest_revision"} | {
    "has_unpublished_changes",
    "last_published_at",
    "live_revision",
}


@dataclass
class Published:
    """One of everything that can be published, and what an intruder might use."""

    facts: dict[type, Any]
    draft: Action
    asked: Recommendation
    withdrawn: Recommendation
    cycle: Cycle
    other_cycle: Cycle
    home: Page
    body: Body
    admin: Any

    @property
    def page(self) -> RecommendationPage:
        return RecommendationPage.objects.get(pk=self.asked.page_id)

    @property
    def dutch(self) -> RecommendationPage:
        return self.page.get_translations().get(locale__language_code="nl")

    @property
    def cycle_page(self) -> Page:
        return Page.objects.get(pk=self.cycle.page_id)

    @property
    def assembly_page(self) -> Page:
        return self.cycle_page.get_parent()

    def fact(self, model: type) -> Any:
        return model.objects.get(pk=self.facts[model].pk)


@pytest.fixture(scope="module")
def published(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Published]:
    """Made once; each test undoes what it did."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield _publish()
        transaction.set_rollback(True)


def _publish() -> Published:
    world = make_world()
    other_cycle = make_cycle(world.assembly_page, code="C2").register
    contributor = make_body("roads", assembly=world.assembly)
    make_kind(world.assembly, "voeu", deciding_body=world.government)
    make_group(world.cycle)
    asked = make_recommendation(world.cycle, label="3.4", topics=())
    withdrawn = make_recommendation(world.cycle, label="3.5")
    make_recommendation(world.cycle, label="3.6")
    document = get_document_model().objects.create(title="Rapport", file=ContentFile(b"1", "r.txt"))
    measure = make_measure(
        asked,
        label="3.4.1",
        lead=world.administration,
        contributors=[contributor],
        part="Le premier alinéa",
        text="Un guichet.",
        deadline_words={"fr": "à l’automne", "nl": "in de herfst"},
    )
    make_measure(asked, label="3.4.2")
    action = publish_action(
        asked,
        value="partial",
        stage="final",
        text="Un texte.",
        cycle=world.cycle,
        sources=[source(position=1, language="fr", document=document)],
    )
    facts = {
        Action: action,
        Measure: measure,
        Act: make_act(asked, url="https://example.org/act"),
        AnnouncedCount: make_count(world.cycle, number=60, body=world.government),
        Withdrawal: withdraw(withdrawn),
        Passage: make_passage(asked, measure, reason="budget"),
    }
    for fact in facts.values():
        type(fact).objects.get(pk=fact.pk).save_revision()
    for page in RecommendationPage.objects.all():
        page.save_revision()
    return Published(
        facts=facts,
        draft=draft_action(asked, value="rejected", sources=[source()]),
        asked=asked,
        withdrawn=withdrawn,
        cycle=world.cycle,
        other_cycle=other_cycle,
        home=Page.objects.get(pk=world.home.pk),
        body=contributor,
        admin=make_user("admin", superuser=True),
    )


# -- before and after ---------------------------------------------------------------------------


def everything() -> dict[Any, Any]:
    """All that was published, down to the keys of child rows."""
    found: dict[Any, Any] = {}
    for model in FACTS:
        columns = [
            field.attname
            for field in model._meta.concrete_fields
            if field.name not in KEPT or field.name == "words_written"
        ]
        for row in model._base_manager.filter(live=True).values(*columns):
            found[model, row["id"]] = str(row)
    for part in FACT_PARTS:
        rows = part.objects.filter(**{f"{part.fact_field}__live": True})
        found[part] = [str(row) for row in rows.order_by("pk").values()]
    found["links"] = list(Measure.contributors.through.objects.order_by("pk").values())
    for model in REGISTERS:
        found |= {(model, row["id"]): row for row in model.objects.values()}
    columns = ("live", "path", "numchild", "url_path", "title", "slug", "translation_key")
    for page in Page.objects.values("pk", *columns, "locale", "alias_of", "expire_at", "expired"):
        found[Page, page["pk"]] = page
    columns = ("label", "verbatim", "kind", "group", "deciding_body", "example")
    for page in RecommendationPage.objects.values("pk", *columns):
        found[RecommendationPage, page["pk"]] = page
    found["restrictions"] = list(PageViewRestriction.objects.values())
    found["files"] = list(get_document_model().objects.values("pk", "file"))
    found["log"] = list(Change.objects.order_by("number").values())
    return found


def refusal_of(attempt: Callable[[], Any]) -> str:
    """What an attempt is told, in English. The attempt is undone, the refusal is not."""
    with translation.override("en"):
        try:
            with transaction.atomic():
                attempt()
        except history.HistoryError as error:
            return str(error)
        except ValidationError as error:
            return " ".join(error.messages)
        except ProtectedError:
            return PROTECTED
    return ""


def assert_shut(attempt: Callable[[], Any], before: dict[Any, Any], *, quiet: bool = False) -> None:
    """The attempt is refused, in words, and nothing has changed. ``quiet``: it may do nothing."""
    said = refusal_of(attempt)
    after = everything()
    changed = [key for key in before if after.get(key) != before[key]]
    assert not changed, f"changed: {changed}"
    assert after.keys() == before.keys()
    assert quiet or INSTEAD.search(said), f"not refused, or without saying what to do: {said!r}"


def assert_protected(attempt: Callable[[], Any], before: dict[Any, Any]) -> None:
    """The attempt goes round our guards, and founders on a foreign key that is protected."""
    assert refusal_of(attempt) == PROTECTED
    assert everything() == before


# -- facts: column by column --------------------------------------------------------------------


def other_value(fact: Any, field: models.Field) -> Any:
    """A value that this column might have, but has not."""
    value = getattr(fact, field.attname)
    if isinstance(field, models.ForeignKey):
        others = field.related_model._base_manager.exclude(pk=value)
        return others.values_list("pk", flat=True).first()
    if isinstance(field, I18nCharField | I18nTextField):
        return LazyI18nString(OTHER_WORDS)
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.DateTimeField):
        return FUTURE
    if isinstance(field, models.DateField):
        return (value or datetime.date(2024, 1, 1)) - datetime.timedelta(days=1)
    if isinstance(field, models.JSONField):
        return {"other": 1}
    if isinstance(field, models.CharField):
        choices = [code for code, _label in field.flatchoices if code != value]
        return choices[0] if choices else f"{value}x"
    return (value or 0) + 1


def columns_of(model: type) -> list[models.Field]:
    return [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in history.HARMLESS
    ]


def save(fact: Any, field: models.Field, value: Any) -> None:
    setattr(fact, field.attname, value)
    fact.save()


def save_one_column(fact: Any, field: models.Field, value: Any) -> None:
    setattr(fact, field.attname, value)
    fact.save(update_fields=[field.name])


def update_or_create(fact: Any, field: models.Field, value: Any) -> None:
    type(fact).objects.update_or_create(pk=fact.pk, defaults={field.attname: value})


def update(fact: Any, field: models.Field, value: Any) -> None:
    type(fact).objects.filter(pk=fact.pk).update(**{field.attname: value})


def update_by_the_base_manager(fact: Any, field: models.Field, value: Any) -> None:
    type(fact)._base_manager.update(**{field.attname: value})


def bulk_update(fact: Any, field: models.Field, value: Any) -> None:
    setattr(fact, field.attname, value)
    type(fact).objects.bulk_update([fact], [field.name])


def bulk_create_over_it(fact: Any, field: models.Field, value: Any) -> None:
    setattr(fact, field.attname, value)
    type(fact).objects.bulk_create(
        [fact], update_conflicts=True, update_fields=[field.name], unique_fields=["id"]
    )


def load_a_fixture(fact: Any, field: models.Field, value: Any) -> None:
    setattr(fact, field.attname, value)
    for loaded in serializers.deserialize("json", serializers.serialize("json", [fact])):
        loaded.save()


def keep_a_revision(fact: Any, field: models.Field, value: Any) -> None:
    setattr(fact, field.attname, value)
    fact.save_revision().publish()


COLUMN_DOORS = (
    save,
    save_one_column,
    update_or_create,
    update,
    update_by_the_base_manager,
    bulk_update,
    bulk_create_over_it,
    load_a_fixture,
    keep_a_revision,
)


@pytest.mark.parametrize("door", COLUMN_DOORS, ids=lambda door: door.__name__)
@pytest.mark.parametrize("model", FACTS, ids=lambda model: model.__name__)
def test_no_column_of_a_published_fact_changes(published, model, door):
    before = everything()
    projected = {model._meta.get_field(name).name for name in model.projected}
    by_hand = door in (save, save_one_column, update_or_create, keep_a_revision)
    tried = 0
    for field in columns_of(model):
        fact = published.fact(model)
        value = other_value(fact, field)
        if value == getattr(fact, field.attname):
            continue  # there is no other
        tried += 1
        # Columns that are computed: the projection writes them by update(), nobody by hand.
        if field.name in projected and not by_hand and door is not bulk_create_over_it:
            continue
        quiet = by_hand and field.name in projected | KEPT
        if door is keep_a_revision and field.name == "live":
            quiet = True  # a revision never holds it
        assert_shut(partial(door, fact, field, value), before, quiet=quiet)
    assert tried >= 8


# -- facts: whole rows --------------------------------------------------------------------------


def unpublish(fact, w):
    fact.unpublish()


def unpublish_as_expired(fact, w):
    fact.unpublish(set_expired=True)


def delete(fact, w):
    fact.delete()


def delete_in_bulk(fact, w):
    type(fact).objects.filter(pk=fact.pk).delete()


def delete_by_the_base_manager(fact, w):
    type(fact)._base_manager.all().delete()


def delete_raw(fact, w):
    rows = type(fact)._base_manager.filter(pk=fact.pk)
    rows._raw_delete(rows.db)


def _changed_revision(fact) -> Revision:
    """A revision that says something else, as one kept before publication would."""
    revision = fact.revisions.order_by("pk").first()
    content = {**revision.content, WORDS[type(fact)]: json.dumps(OTHER_WORDS)}
    Revision.objects.filter(pk=revision.pk).update(content=content)
    revision.refresh_from_db()
    return revision


def publish_another_revision(fact, w):
    _changed_revision(fact).publish()


def publish_another_revision_on_schedule(fact, w):
    revision = _changed_revision(fact)
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=PAST)
    call_command("publish_scheduled")


def approve_another_revision(fact, w):
    workflow = Workflow.objects.get()
    revision = _changed_revision(fact)
    type(fact).objects.filter(pk=fact.pk).update(latest_revision=revision)
    fact = w.fact(type(fact))
    state = workflow.start(fact, w.admin)
    state.current_task_state.approve(user=w.admin)


def take_back_by_a_future_publication(fact, w):
    # Wagtail takes a row offline that is scheduled and was published without a revision.
    revision = fact.revisions.order_by("pk").first()
    content = {**revision.content, "go_live_at": FUTURE.isoformat(), "live_revision": None}
    Revision.objects.filter(pk=revision.pk).update(content=content)
    type(fact).objects.filter(pk=fact.pk).update(live_revision=None)
    revision.refresh_from_db()
    revision.publish()


FACT_DOORS = (
    unpublish,
    unpublish_as_expired,
    delete,
    delete_in_bulk,
    delete_by_the_base_manager,
    delete_raw,
    publish_another_revision,
    publish_another_revision_on_schedule,
    approve_another_revision,
    take_back_by_a_future_publication,
)


@pytest.mark.parametrize("door", FACT_DOORS, ids=lambda door: door.__name__)
@pytest.mark.parametrize("model", FACTS, ids=lambda model: model.__name__)
def test_no_published_fact_goes_or_is_written_over(published, model, door):
    before = everything()
    assert_shut(lambda: door(published.fact(model), published), before)


@pytest.mark.parametrize("model", FACTS, ids=lambda model: model.__name__)
def test_the_change_log_protects_a_fact_from_deletion(published, model):
    assert_protected(lambda: models.Model.delete(published.fact(model)), everything())


def relations(model: type) -> list[models.ForeignKey]:
    """The foreign keys of a fact through which the other side reaches it."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and not field.remote_field.hidden
        and not isinstance(field, models.OneToOneField)
        and field.name not in history.HARMLESS | model.projected
    ]


@pytest.mark.parametrize("model", FACTS, ids=lambda model: model.__name__)
def test_no_published_fact_is_reached_from_the_other_side(published, model):
    before = everything()
    tried = 0
    for field in relations(model):
        fact = published.fact(model)
        other = field.related_model._base_manager.exclude(pk=getattr(fact, field.attname)).first()
        parent = getattr(fact, field.name) or other
        manager = getattr(parent, field.remote_field.get_accessor_name())
        attempts = [
            lambda m=manager: m.update(example=True),
            lambda m=manager: m.all().delete(),
        ]
        if getattr(fact, field.attname):
            tried += 1
            for attempt in attempts:
                assert_shut(attempt, before)
            if field.null:
                for bulk in (True, False):
                    assert_shut(partial(manager.remove, fact, bulk=bulk), before)
                    assert_shut(partial(manager.clear, bulk=bulk), before)
                    assert_shut(partial(manager.set, [], bulk=bulk), before)
        if other is not None:
            elsewhere = getattr(other, field.remote_field.get_accessor_name())
            for bulk in (True, False):
                assert_shut(partial(elsewhere.add, fact, bulk=bulk), before)
    assert tried


# -- facts: what hangs on them ------------------------------------------------------------------

#: What is part of a fact: the fact, its child rows' model, and the accessor.
PARTS = [
    (Action, ActionTarget, "targets"),
    (Action, Source, "sources"),
    (Measure, MeasureServes, "serves"),
    (Act, ActAdopts, "adopts"),
    (Passage, PassageMeasure, "ties"),
]


#: A column of each sort of part that says what it says.
CHANGED = ("recommendation", "title", "measure")


def _row_like(row) -> models.Model:
    """Another row that the same fact might have."""
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }
    if isinstance(row, Source):
        return Source(**{**values, "position": 9})
    if isinstance(row, PassageMeasure):
        other = Measure.objects.exclude(pk=row.measure_id).first()
        return PassageMeasure(**{**values, "measure_id": other.pk})
    other = Recommendation.objects.exclude(pk=row.recommendation_id).first()
    return type(row)(**{**values, "recommendation_id": other.pk})


def add_a_row(fact, row, accessor, w):
    getattr(fact, accessor).add(_row_like(row))
    fact.save()


def remove_a_row(fact, row, accessor, w):
    getattr(fact, accessor).remove(row)
    fact.save()


def remove_all_rows(fact, row, accessor, w):
    setattr(fact, accessor, [])
    fact.save()


def exchange_a_row(fact, row, accessor, w):
    getattr(fact, accessor).set([_row_like(row)])
    fact.save(update_fields=[accessor])


def commit_rows_alone(fact, row, accessor, w):
    getattr(fact, accessor).add(_row_like(row))
    getattr(fact, accessor).commit()


def commit_fewer_rows(fact, row, accessor, w):
    getattr(fact, accessor).clear()
    getattr(fact, accessor).commit()


def save_a_new_row(fact, row, accessor, w):
    _row_like(row).save()


def save_the_row(fact, row, accessor, w):
    for field in row._meta.concrete_fields:
        if field.name in CHANGED:
            setattr(row, field.attname, getattr(_row_like(row), field.attname))
    row.save()


def delete_the_row(fact, row, accessor, w):
    row.delete()


def update_the_rows(fact, row, accessor, w):
    getattr(fact, accessor).update(**{type(row).fact_field: w.draft.pk})


def update_all_rows(fact, row, accessor, w):
    field = next(
        f for f in row._meta.concrete_fields if f.name in CHANGED and f.name != row.fact_field
    )
    type(row)._base_manager.update(**{field.attname: getattr(_row_like(row), field.attname)})


def bulk_update_rows(fact, row, accessor, w):
    field = next(
        f for f in row._meta.concrete_fields if f.name in CHANGED and f.name != row.fact_field
    )
    setattr(row, field.attname, getattr(_row_like(row), field.attname))
    type(row).objects.bulk_update([row], [field.name])


def delete_the_rows(fact, row, accessor, w):
    getattr(fact, accessor).all().delete()


def delete_rows_by_the_base_manager(fact, row, accessor, w):
    type(row)._base_manager.all().delete()


def delete_rows_raw(fact, row, accessor, w):
    rows = type(row).objects.all()
    rows._raw_delete(rows.db)


def bulk_create_rows(fact, row, accessor, w):
    type(row).objects.bulk_create([_row_like(row)])


def load_a_row_from_a_fixture(fact, row, accessor, w):
    for loaded in serializers.deserialize("json", serializers.serialize("json", [_row_like(row)])):
        loaded.save()


PART_DOORS = (
    add_a_row,
    remove_a_row,
    remove_all_rows,
    exchange_a_row,
    commit_rows_alone,
    commit_fewer_rows,
    save_a_new_row,
    save_the_row,
    delete_the_row,
    update_the_rows,
    update_all_rows,
    bulk_update_rows,
    delete_the_rows,
    delete_rows_by_the_base_manager,
    delete_rows_raw,
    bulk_create_rows,
    load_a_row_from_a_fixture,
)


@pytest.mark.parametrize("door", PART_DOORS, ids=lambda door: door.__name__)
@pytest.mark.parametrize(
    ("model", "part", "accessor"), PARTS, ids=[row[1].__name__ for row in PARTS]
)
def test_the_parts_of_a_published_fact_stay(published, model, part, accessor, door):
    before = everything()
    fact = published.fact(model)
    row = part.objects.filter(**{part.fact_field: fact}).first()
    assert_shut(lambda: door(fact, row, accessor, published), before)


def test_every_part_of_a_fact_is_tried():
    assert {part for _model, part, _accessor in PARTS} == set(FACT_PARTS)
    assert {(model, name) for model in FACTS for name in model.child_relations} == {
        (model, accessor) for model, _part, accessor in PARTS
    }
    assert [model for model in FACTS if model.many_relations] == [Measure]
    assert Measure.many_relations == ("contributors",)


@pytest.mark.parametrize("accessor", ["targets", "sources"])
def test_a_row_of_a_published_fact_is_not_carried_over_to_a_draft(published, accessor):
    before = everything()
    row = getattr(published.fact(Action), accessor).first()
    draft = Action.objects.get(pk=published.draft.pk)

    def carry_over():
        row.action = draft
        row.save()

    def adopt():
        getattr(draft, accessor).add(row)
        draft.save()

    def write_over():
        row.action = draft
        type(row).objects.bulk_create(
            [row], update_conflicts=True, update_fields=["action"], unique_fields=["id"]
        )

    for attempt in (carry_over, adopt, write_over):
        assert_shut(attempt, before)


def test_a_row_of_a_draft_is_not_carried_over_to_a_published_fact(published):
    before = everything()
    fact = published.fact(Action)
    row = published.draft.sources.first()

    def carry_over():
        row.action = fact
        row.save()

    def update_in_bulk():
        Source.objects.filter(pk=row.pk).update(action=fact)

    def bulk_update():
        row.action = fact
        Source.objects.bulk_update([row], ["action"])

    for attempt in (carry_over, update_in_bulk, bulk_update):
        assert_shut(attempt, before)


def link_doors(published) -> dict[str, Callable[[], Any]]:
    """A many-to-many field, from both sides, and the rows behind it."""
    other = make_body("parks")
    body = Body.objects.get(pk=published.body.pk)

    def measure():
        return published.fact(Measure)

    links = Measure.contributors.through
    row = links.objects.get()

    def through_the_form(change):
        fact = measure()
        change(fact.contributors)
        fact.save()

    def commit(change):
        fact = measure()
        change(fact.contributors)
        fact.contributors.commit()

    def save_the_link():
        row.body = other
        row.save()

    def bulk_update():
        row.body = other
        links.objects.bulk_update([row], ["body"])

    return {
        "add": lambda: through_the_form(lambda m: m.add(other)),
        "remove": lambda: through_the_form(lambda m: m.remove(body)),
        "clear": lambda: through_the_form(lambda m: m.clear()),
        "set": lambda: through_the_form(lambda m: m.set([other])),
        "commit add": lambda: commit(lambda m: m.add(other)),
        "commit clear": lambda: commit(lambda m: m.clear()),
        "other side add": lambda: other.contributes_to.add(measure()),
        "other side remove": lambda: body.contributes_to.remove(measure()),
        "other side clear": lambda: body.contributes_to.clear(),
        "other side set": lambda: body.contributes_to.set([]),
        "other side update": lambda: body.contributes_to.update(example=True),
        "other side delete": lambda: body.contributes_to.all().delete(),
        "link create": lambda: links.objects.create(measure=measure(), body=other),
        "link bulk_create": lambda: links.objects.bulk_create(
            [links(measure=measure(), body=other)]
        ),
        "link save": save_the_link,
        "link update": lambda: links.objects.update(body=other),
        "link bulk_update": bulk_update,
        "link delete": lambda: links.objects.get().delete(),
        "links delete": lambda: links.objects.all().delete(),
        "links by the base manager": lambda: links._base_manager.all().delete(),
        "the body is deleted": lambda: body.delete(),
        "bodies are deleted": lambda: Body.objects.filter(pk=body.pk).delete(),
    }


def test_the_links_of_a_published_fact_stay(published):
    doors = link_doors(published)
    before = everything()
    for name, attempt in doors.items():
        try:
            assert_shut(attempt, before)
        except AssertionError as error:
            raise AssertionError(f"{name}: {error}") from error


def test_a_body_that_a_published_fact_names_is_not_deleted(published):
    before = everything()
    with pytest.raises(ProtectedError):
        Body.objects.get(slug="government-bxl").delete()
    assert everything() == before


def test_the_file_of_a_source_is_not_exchanged(published):
    before = everything()
    document = get_document_model().objects.get()

    def exchange():
        document.file.save("other.txt", ContentFile(b"2"))

    assert_shut(exchange, before)
    document.refresh_from_db()
    document.title = "Rapport annuel"
    document.save()
    assert get_document_model().objects.get().title == "Rapport annuel"
    with pytest.raises(ProtectedError):
        document.delete()


# -- the register -------------------------------------------------------------------------------


@pytest.mark.parametrize("model", REGISTERS, ids=lambda model: model.__name__)
def test_what_identifies_a_register_row_stays(published, model):
    before = everything()
    row = model.objects.order_by("pk").first()
    for column in (*model.fixed, *model.fixed_once_used):
        field = next(f for f in model._meta.concrete_fields if f.attname == column)

        def changed(field=field):
            fresh = model.objects.get(pk=row.pk)
            value = uuid4() if field.name == "translation_key" else other_value(fresh, field)
            setattr(fresh, field.attname, value)
            return fresh, value

        def save_it(field=field, changed=changed):
            changed()[0].save()

        def update_it(field=field, changed=changed):
            model.objects.filter(pk=row.pk).update(**{field.attname: changed()[1]})

        def update_by_name(field=field, changed=changed):
            model._base_manager.update(**{field.name: changed()[1]})

        def bulk_update_it(field=field, changed=changed):
            model.objects.bulk_update([changed()[0]], [field.name])

        def write_over(field=field, changed=changed):
            model.objects.bulk_create(
                [changed()[0]],
                update_conflicts=True,
                update_fields=[field.name],
                unique_fields=["id"],
            )

        def load(field=field, changed=changed):
            for loaded in serializers.deserialize(
                "json", serializers.serialize("json", [changed()[0]])
            ):
                loaded.save()

        for attempt in (save_it, update_it, update_by_name, bulk_update_it, write_over, load):
            assert_shut(attempt, before)


@pytest.mark.parametrize("model", REGISTERS, ids=lambda model: model.__name__)
def test_no_register_row_is_deleted(published, model):
    before = everything()
    assert_shut(lambda: model.objects.first().delete(), before)
    assert_shut(lambda: model.objects.all().delete(), before)
    assert_shut(lambda: model._base_manager.all().delete(), before)
    if model is not Assembly:
        above = getattr(model.objects.first(), "cycle" if model is Recommendation else "assembly")
        assert_shut(lambda: getattr(above, f"{model._meta.model_name}s").all().delete(), before)
    with pytest.raises(ProtectedError), transaction.atomic():
        models.Model.delete(model.objects.first())
    assert everything() == before


def test_the_register_is_reached_through_no_relation(published):
    before = everything()
    asked = Recommendation.objects.get(pk=published.asked.pk)
    kind = RecommendationKind.objects.get(code="voeu")
    cycle = Cycle.objects.get(pk=published.cycle.pk)
    assert_shut(lambda: published.other_cycle.recommendations.add(asked), before)
    assert_shut(lambda: cycle.recommendations.update(cycle=published.other_cycle), before)
    assert_shut(lambda: cycle.recommendations.update(handed_over_on=None, label="9"), before)
    assert_shut(lambda: published.body.decides.add(asked), before)
    assert_shut(lambda: kind.recommendations.add(asked), before)


# -- the change log -----------------------------------------------------------------------------


def test_the_change_log_is_never_rewritten(published):
    before = everything()
    row = Change.objects.order_by("-number").first()
    count = Change.objects.count()

    def save():
        row.fingerprint = "0" * 64
        row.save()

    def bulk_update():
        row.fingerprint = "0" * 64
        Change.objects.bulk_update([row], ["fingerprint"])

    def write_over():
        Change.objects.bulk_create(
            [row], update_conflicts=True, update_fields=["fingerprint"], unique_fields=["number"]
        )

    def load():
        for loaded in serializers.deserialize("json", serializers.serialize("json", [row])):
            loaded.save()

    fact = published.fact(Action)
    for attempt in (
        save,
        bulk_update,
        write_over,
        load,
        row.delete,
        lambda: models.Model.delete(row),
        lambda: Change.objects.update(moment=PAST),
        lambda: Change.objects.all().delete(),
        lambda: Change._base_manager.update(moment=PAST),
        lambda: Change._base_manager.all().delete(),
        lambda: Change.objects.all()._raw_delete("default"),
        lambda: fact.changes.update(moment=PAST),
        lambda: fact.changes.all().delete(),
        lambda: fact.changes.clear(),
        lambda: published.facts[Measure].changes.add(row),
        lambda: Change.objects.update_or_create(pk=row.pk, defaults={"moment": PAST}),
    ):
        assert_shut(attempt, before)
    assert Change.objects.count() == count > 10


# -- recommendation pages -----------------------------------------------------------------------


def saved(page: Page, **values: Any) -> None:
    for name, value in values.items():
        setattr(page, name, value)
    page.save()


def saved_alone(page: Page, **values: Any) -> None:
    for name, value in values.items():
        setattr(page, name, value)
    page.save(update_fields=list(values), clean=False)


def plain(page: Page) -> Page:
    return Page.objects.get(pk=page.pk)


def changed_page_revision(page: Page, **content: Any) -> Revision:
    revision = page.revisions.order_by("pk").first()
    Revision.objects.filter(pk=revision.pk).update(content={**revision.content, **content})
    revision.refresh_from_db()
    return revision


def publish_page_on_schedule(page):
    revision = changed_page_revision(page, verbatim="<p>Autre chose.</p>")
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=PAST)
    call_command("publish_scheduled")


def expire_page(page):
    Page.objects.filter(pk=page.pk).update(expire_at=PAST)
    call_command("publish_scheduled")


def approve_page(page, w):
    revision = changed_page_revision(page, verbatim="<p>Autre chose.</p>")
    type(page).objects.filter(pk=page.pk).update(latest_revision=revision)
    workflow = Workflow.objects.get()
    state = workflow.start(type(page).objects.get(pk=page.pk), w.admin)
    state.current_task_state.approve(user=w.admin)


def draft_then_publish(page):
    page.verbatim = "<p>Autre chose.</p>"
    page.save_revision(clean=False).publish()


#: What stays of a page of a published recommendation, in either language.
PAGE_DOORS: dict[str, Callable[[RecommendationPage, Published], Any]] = {
    "words": lambda page, w: saved(page, verbatim="<p>Autre chose.</p>"),
    "words alone": lambda page, w: saved_alone(page, verbatim="<p>Autre chose.</p>"),
    "words by a draft": lambda page, w: draft_then_publish(page),
    "words by another revision": lambda page, w: changed_page_revision(
        page, verbatim="<p>Autre chose.</p>"
    ).publish(),
    "words on schedule": lambda page, w: publish_page_on_schedule(page),
    "words by a workflow": lambda page, w: approve_page(page, w),
    "off": lambda page, w: saved(page, live=False),
    "off alone": lambda page, w: saved_alone(page, live=False),
    "off, plain": lambda page, w: saved(plain(page), live=False),
    "unpublish": lambda page, w: page.unpublish(),
    "unpublish, plain": lambda page, w: plain(page).unpublish(),
    "expired": lambda page, w: page.unpublish(set_expired=True),
    "expiry": lambda page, w: saved(page, expire_at=FUTURE),
    "expiry, plain": lambda page, w: saved(plain(page), expire_at=FUTURE),
    "expiry on schedule": lambda page, w: expire_page(page),
    "another identity": lambda page, w: saved(page, translation_key=uuid4()),
    "another identity, plain": lambda page, w: saved(plain(page), translation_key=uuid4()),
    "another language": lambda page, w: saved(
        page, locale=Locale.objects.exclude(pk=page.locale_id).first()
    ),
    "an alias": lambda page, w: saved_alone(page, alias_of=w.withdrawn.page),
    "an alias that is off": lambda page, w: saved(
        plain(page), alias_of=plain(w.withdrawn.page), live=False
    ),
    "delete": lambda page, w: page.delete(),
    "delete, plain": lambda page, w: plain(page).delete(),
    "update by type": lambda page, w: RecommendationPage.objects.filter(pk=page.pk).update(
        verbatim="<p>Autre chose.</p>"
    ),
    "off by type": lambda page, w: RecommendationPage.objects.update(live=False),
    "delete by type": lambda page, w: RecommendationPage.objects.filter(pk=page.pk).delete(),
    "a password": lambda page, w: PageViewRestriction.objects.create(
        page=plain(page), restriction_type="password", password="x"
    ),
    "another parent": lambda page, w: page.move(
        plain(page).get_parent().get_siblings(inclusive=False).first(), pos="last-child"
    ),
    "another parent, plain": lambda page, w: plain(page).move(
        plain(page).get_parent().get_siblings(inclusive=False).first(), pos="last-child"
    ),
}
#: What stays of the original besides, for the register follows it.
ORIGINAL_DOORS: dict[str, Callable[[RecommendationPage, Published], Any]] = {
    "label": lambda page, w: saved(page, label="9"),
    "label alone": lambda page, w: saved_alone(page, label="9"),
    "no label": lambda page, w: saved(page, label=""),
    "label by another revision": lambda page, w: changed_page_revision(page, label="9").publish(),
    "kind": lambda page, w: saved(page, kind=RecommendationKind.objects.get(code="voeu")),
    "deciding body": lambda page, w: saved(page, deciding_body=w.body),
}
#: What would take it along, done to a page above.
BRANCH_DOORS: dict[str, Callable[[Published], Any]] = {
    "cycle off": lambda w: w.cycle_page.specific.unpublish(),
    "cycle off, plain": lambda w: w.cycle_page.unpublish(),
    "cycle and all below off": lambda w: _unpublish_branch(w.cycle_page.specific, w),
    "assembly and all below off": lambda w: _unpublish_branch(w.assembly_page.specific, w),
    "assembly off": lambda w: saved(w.assembly_page, live=False),
    "home off": lambda w: w.home.unpublish(),
    "home off, specific": lambda w: w.home.specific.unpublish(),
    "cycle expires": lambda w: saved(w.cycle_page.specific, expire_at=FUTURE),
    "cycle expires on schedule": lambda w: expire_page(w.cycle_page),
    "home expires on schedule": lambda w: expire_page(w.home),
    "cycle has a password": lambda w: PageViewRestriction.objects.create(
        page=w.cycle_page, restriction_type="login"
    ),
    "home has a password": lambda w: PageViewRestriction.objects.create(
        page=w.home, restriction_type="login"
    ),
    "cycle goes": lambda w: w.cycle_page.delete(),
    "cycle goes, specific": lambda w: w.cycle_page.specific.delete(),
    "assembly goes": lambda w: w.assembly_page.delete(),
    "home goes": lambda w: w.home.delete(),
    "all of a type go": lambda w: type(w.cycle_page.specific).objects.all().delete(),
    "all of a type off": lambda w: type(w.cycle_page.specific).objects.update(live=False),
    "cycle moves": lambda w: w.cycle_page.move(w.home, pos="last-child"),
    "cycle moves, specific": lambda w: w.cycle_page.specific.move(w.home, pos="last-child"),
    "cycle of another assembly": lambda w: saved(w.cycle_page.specific, translation_key=uuid4()),
    "code of the cycle": lambda w: saved(w.cycle_page.specific, code="C9"),
    "code of the assembly": lambda w: saved(w.assembly_page.specific, code="XXL"),
}
#: Codes and expiry of what is above are refused with sentences of their own.
CODES = re.compile(r"it can’t change any more|stays published")


def _unpublish_branch(page: Page, w: Published) -> None:
    from wagtail.actions.unpublish_page import UnpublishPageAction

    UnpublishPageAction(page, user=w.admin, include_descendants=True).execute()


@pytest.mark.parametrize("language", ["page", "dutch"])
@pytest.mark.parametrize("door", PAGE_DOORS)
def test_a_published_recommendation_stays_in_both_languages(published, door, language):
    before = everything()
    page = getattr(published, language)
    assert_shut(lambda: PAGE_DOORS[door](page, published), before)


@pytest.mark.parametrize("depth", [2, 3, 4, 5])
def test_the_register_protects_its_pages_from_deletion(published, depth):
    assert_protected(lambda: Page.objects.filter(depth=depth).delete(), everything())


def test_the_register_protects_a_page_without_asking_it(published):
    assert_protected(lambda: models.Model.delete(published.page), everything())


@pytest.mark.parametrize("door", ORIGINAL_DOORS)
def test_what_identifies_a_recommendation_stays(published, door):
    before = everything()
    assert_shut(lambda: ORIGINAL_DOORS[door](published.page, published), before)


@pytest.mark.parametrize("door", BRANCH_DOORS)
def test_a_page_above_takes_no_recommendation_along(published, door):
    before = everything()
    said = refusal_of(lambda: BRANCH_DOORS[door](published))
    assert everything() == before
    assert INSTEAD.search(said) or CODES.search(said), said


def test_the_words_of_a_draft_are_not_fixed(published):
    page = make_recommendation(published.cycle, label="4", live=False, dutch=False)
    saved(page, verbatim="<p>Autre chose.</p>", label="5")
    page.save_revision().publish()
    row = Recommendation.objects.get(reference="BXL-C1-5")
    assert row.page.verbatim == "<p>Autre chose.</p>"


def test_a_page_that_expires_is_not_published_in_the_first_place(published):
    page = make_recommendation(published.cycle, label="4", live=False, dutch=False)
    page.expire_at = FUTURE
    with pytest.raises(ValidationError, match="expir"):
        page.save_revision().publish()
    assert not plain(page).live


# -- the admin ----------------------------------------------------------------------------------


@pytest.fixture
def desk(published):
    return client_of(published.admin)


def posted(client, url, data=None):
    """The answer to a form that was sent, and to what it leads to."""
    return client.post(url, data or {}, follow=True)


def assert_admin_shut(response, before) -> None:
    assert response.status_code == 200, response.status_code
    after = everything()
    changed = [key for key in before if after.get(key) != before[key]]
    assert not changed, f"changed: {changed}"
    assert after.keys() == before.keys()
    assert INSTEAD.search(told(response)), told(response)


def changed_form(client, fact) -> dict[str, Any]:
    data = filled(client.get(desk_url(fact, "edit")))
    name = WORDS[type(fact)]
    assert f"{name}_0" in data
    return {**data, f"{name}_0": OTHER_WORDS["fr"], f"{name}_1": OTHER_WORDS["nl"]}


#: View of a snippet → how a superuser would use it against a published fact.
ADMIN_DOORS: dict[str, Callable[[Any, Any], Any]] = {
    "edit": lambda client, fact: posted(client, desk_url(fact, "edit"), changed_form(client, fact)),
    "edit: publish": lambda client, fact: posted(
        client, desk_url(fact, "edit"), changed_form(client, fact) | {"action-publish": "1"}
    ),
    "edit: submit": lambda client, fact: posted(
        client, desk_url(fact, "edit"), changed_form(client, fact) | {"action-submit": "1"}
    ),
    "edit: over the last revision": lambda client, fact: posted(
        client,
        desk_url(fact, "edit"),
        changed_form(client, fact) | {"overwrite_revision_id": str(fact.latest_revision_id)},
    ),
    "revisions_revert": lambda client, fact: posted(
        client,
        desk_url(fact, "revisions_revert", _changed_revision(fact).pk),
        changed_form(client, fact) | {"action-publish": "1"},
    ),
    "unpublish": lambda client, fact: posted(client, desk_url(fact, "unpublish")),
    "delete": lambda client, fact: posted(client, desk_url(fact, "delete")),
    "bulk delete": lambda client, fact: posted(client, bulk_url(fact, "delete")),
}
#: Views of a snippet that read, keep Wagtail's own books, or are tried elsewhere.
HARMLESS_VIEWS = {
    "list",
    "list_results",
    "add",
    "copy",
    "usage",
    "history",
    "history_results",
    "inspect",
    "preview_on_add",
    "preview_on_edit",
    "revisions_view",
    "revisions_compare",
    "revisions_unschedule",
    "lock",
    "unlock",
    "workflow_action",
    "collect_workflow_action_data",
    "confirm_workflow_cancellation",
    "workflow_history",
    "workflow_history_detail",
    "workflow_preview",
    "languages",
    "choose",
    "choose_results",
    "chosen",
    "chosen_multiple",
    "create",
}


@pytest.mark.parametrize("door", ADMIN_DOORS)
@pytest.mark.parametrize("model", FACTS, ids=lambda model: model.__name__)
def test_a_superuser_finds_no_door_in_the_admin(published, desk, model, door):
    fact = published.fact(model)
    before = everything()
    assert_admin_shut(ADMIN_DOORS[door](desk, fact), before)


def test_the_admin_shows_no_form_to_save_for_a_published_fact(published, desk):
    response = desk.get(desk_url(published.fact(Action), "edit"))
    assert "action-publish" not in response.content.decode()
    assert INSTEAD.search(told(response))


@pytest.mark.parametrize("model", FACTS, ids=lambda model: model.__name__)
def test_the_harmless_views_are_harmless(published, desk, model):
    fact = published.fact(model)
    before = everything()
    form = changed_form(desk, fact)
    for view in ("lock", "unlock", "preview_on_edit"):
        desk.post(desk_url(fact, view), form)
    desk.post(desk_url(fact, "revisions_unschedule", fact.latest_revision_id))
    # The form of missing languages takes words where there are none, and no others.
    name = WORDS[model]
    answer = desk.post(
        desk_url(fact, "languages"), {f"{name}_fr": "Autre", f"{name}_nl": "Ander", "live": ""}
    )
    assert answer.status_code == 200
    assert everything() == before


def names_of(views: Any) -> set[str]:
    return {pattern.name for pattern in views if pattern.name}


def test_every_view_of_a_fact_in_the_admin_is_known():
    """Fails when Wagtail opens a view that nobody looked at."""
    tried = {door.split(":")[0] for door in ADMIN_DOORS if not door.startswith("bulk")}
    for model in FACTS:
        views = names_of(model.snippet_viewset.get_urlpatterns())
        assert views >= tried
        assert views - tried <= HARMLESS_VIEWS


def page_form(client, page: Page, **values: Any) -> dict[str, Any]:
    return {**filled(client.get(page_url(page, "edit"))), **values}


def translation_of(w: Published) -> Translation:
    original = TranslationSource.update_or_create_from_instance(w.page)[0]
    return Translation.objects.get_or_create(
        source=original, target_locale=Locale.objects.get(language_code="nl")
    )[0]


def convert_to_alias(client, w):
    translation_of(w)
    return posted(client, f"/admin/localize/page/{w.dutch.pk}/convert_to_alias/")


OTHER_VERBATIM = json.dumps(
    {"blocks": [{"key": "a", "text": "Autre", "type": "unstyled", "depth": 0}], "entityMap": {}}
)
PAGE_ADMIN_DOORS: dict[str, Callable[[Any, Published], Any]] = {
    "edit: words": lambda c, w: posted(
        c,
        page_url(w.page, "edit"),
        page_form(c, w.page, verbatim=OTHER_VERBATIM) | {"action-publish": "1"},
    ),
    "edit: Dutch words": lambda c, w: posted(
        c,
        page_url(w.dutch, "edit"),
        page_form(c, w.dutch, verbatim=OTHER_VERBATIM) | {"action-publish": "1"},
    ),
    "edit: label": lambda c, w: posted(
        c, page_url(w.page, "edit"), page_form(c, w.page, label="9") | {"action-publish": "1"}
    ),
    "edit: kind": lambda c, w: posted(
        c,
        page_url(w.page, "edit"),
        page_form(c, w.page, kind=RecommendationKind.objects.get(code="voeu").pk)
        | {"action-publish": "1"},
    ),
    "revisions_revert": lambda c, w: posted(
        c,
        page_url(w.page, "edit"),
        page_form(c, w.page, verbatim=OTHER_VERBATIM)
        | {"action-publish": "1", "revision": w.page.latest_revision_id},
    ),
    "unpublish": lambda c, w: posted(c, page_url(w.page, "unpublish")),
    "unpublish: Dutch": lambda c, w: posted(c, page_url(w.dutch, "unpublish")),
    "unpublish: cycle": lambda c, w: posted(c, page_url(w.cycle_page, "unpublish")),
    "unpublish: cycle and below": lambda c, w: posted(
        c, page_url(w.cycle_page, "unpublish"), {"include_descendants": "on"}
    ),
    "unpublish: home and below": lambda c, w: posted(
        c, page_url(w.home, "unpublish"), {"include_descendants": "on"}
    ),
    "delete": lambda c, w: posted(c, page_url(w.page, "delete")),
    "delete: Dutch": lambda c, w: posted(c, page_url(w.dutch, "delete")),
    "delete: cycle": lambda c, w: posted(c, page_url(w.cycle_page, "delete")),
    "delete: empty cycle": lambda c, w: posted(c, page_url(w.other_cycle.page, "delete")),
    "delete: home": lambda c, w: posted(c, page_url(w.home, "delete")),
    "move_confirm": lambda c, w: posted(c, page_url(w.page, "move_confirm", w.other_cycle.page_id)),
    "move_confirm: cycle": lambda c, w: posted(
        c, page_url(w.cycle_page, "move_confirm", w.home.pk)
    ),
    "bulk: unpublish": lambda c, w: posted(c, bulk_url(w.page, "unpublish")),
    "bulk: unpublish cycle": lambda c, w: posted(
        c, bulk_url(w.cycle_page, "unpublish"), {"include_descendants": "on"}
    ),
    "bulk: delete": lambda c, w: posted(c, bulk_url(w.page, "delete")),
    "bulk: delete cycle": lambda c, w: posted(c, bulk_url(w.cycle_page, "delete")),
    "localize: convert to alias": convert_to_alias,
}


@pytest.mark.parametrize("door", PAGE_ADMIN_DOORS)
def test_a_superuser_takes_no_recommendation_off_the_site(published, desk, door):
    before = everything()
    assert_admin_shut(PAGE_ADMIN_DOORS[door](desk, published), before)


def test_a_superuser_moves_no_recommendation_in_bulk(published, desk):
    before = everything()
    for page in (published.page, published.cycle_page):
        answer = posted(desk, bulk_url(page, "move"), {"chooser": published.other_cycle.page_id})
        assert answer.status_code == 200
    assert everything() == before


def test_a_superuser_hides_no_recommendation_behind_a_password(published, desk):
    before = everything()
    for page in (published.page, published.cycle_page, published.home):
        desk.post(page_url(page, "set_privacy"), {"restriction_type": "password", "password": "x"})
    assert everything() == before
    assert not PageViewRestriction.objects.exists()


#: Wagtail's own API of the admin, which asks no hook.
API_DOORS: dict[str, dict[str, Any]] = {
    "unpublish": {"recursive": True},
    "delete": {},
    "move": {"destination_page_id": "other cycle"},
    "revert_to_page_revision": {"revision_id": "changed"},
    "publish": {},
    "convert_alias": {},
}


@pytest.mark.parametrize(
    ("which", "door"),
    [
        (which, door)
        for which in ("page", "dutch", "cycle_page", "home")
        for door in API_DOORS
        if (which, door) != ("home", "move")  # home pages may change places
    ],
)
def test_the_api_of_the_admin_is_shut_too(published, desk, which, door):
    page = getattr(published, which)
    data = dict(API_DOORS[door])
    if "destination_page_id" in data:
        target = published.other_cycle.page if page.depth == 5 else published.home
        data["destination_page_id"] = target.pk
    if "revision_id" in data:
        if not isinstance(page, RecommendationPage):
            page = published.page
        data["revision_id"] = changed_page_revision(page, verbatim="<p>Autre.</p>").pk
    before = everything()
    answer = desk.post(f"/admin/api/main/pages/{page.pk}/action/{door}/", data)
    assert answer.status_code < 500
    after = everything()
    # Publishing again what is published already may be noted; nothing else.
    log = after.pop("log")
    assert log[: len(before["log"])] == before.pop("log")
    assert after == before


def test_every_action_of_the_api_is_known():
    from wagtail.admin.api.views import PagesAdminAPIViewSet

    makes_pages = {"copy", "copy_for_translation", "create_alias"}
    assert set(PagesAdminAPIViewSet.actions) == set(API_DOORS) | makes_pages


def test_every_view_of_pages_in_the_admin_is_known():
    """Fails when Wagtail opens a view of pages that nobody looked at."""
    tried = {door.split(":")[0] for door in PAGE_ADMIN_DOORS} - {"bulk", "localize"}
    elsewhere = {"set_privacy", "copy", "convert_alias"}
    harmless = {
        *("add", "add_subpage", "preview_on_add", "preview_on_edit", "view_draft", "usage"),
        *("choose_parent", "type_use", "type_use_results", "search", "search_results"),
        *("move", "set_page_position", "lock", "unlock", "history", "history_results"),
        *("workflow_action", "collect_workflow_action_data", "confirm_workflow_cancellation"),
        *("workflow_preview", "workflow_history", "workflow_history_detail"),
        *("revisions_index", "revisions_view", "revisions_compare", "revisions_unschedule"),
    }
    names = names_of_namespace("wagtailadmin_pages")
    assert names >= tried
    assert names - tried - elsewhere <= harmless


def names_of_namespace(namespace: str, resolver: Any = None) -> set[str]:
    found: set[str] = set()
    for entry in (resolver or get_resolver()).url_patterns:
        if not hasattr(entry, "url_patterns"):
            continue
        if entry.namespace == namespace:
            found |= names_of(entry.url_patterns)
        else:
            found |= names_of_namespace(namespace, entry)
    return found


def test_translating_a_branch_writes_over_no_translation(published, desk):
    """wagtail-localize would put the French words into the Dutch page, live."""
    before = everything()
    source = published.cycle_page
    nl = Locale.objects.get(language_code="nl")
    for page in (published.page, source, published.home):
        desk.post(
            f"/admin/localize/submit/page/{page.pk}/",
            {"locales": [nl.pk], "include_subtree": "on"},
        )
    assert everything() == before


def test_synchronising_translations_writes_over_no_words(published, desk):
    translation_of(published)
    source = TranslationSource.objects.get()
    before = everything()
    answer = desk.post(
        f"/admin/localize/update/{source.pk}/", {"publish_translations": "on"}, follow=True
    )
    assert answer.status_code == 200
    assert everything() == before


def test_a_copy_is_another_recommendation_and_the_first_one_stays(published, desk):
    before = everything()
    answer = posted(
        desk,
        page_url(published.page, "copy"),
        {
            "new_title": "Copie",
            "new_slug": "copie",
            "new_parent_page": published.other_cycle.page_id,
            "publish_copies": "on",
        },
    )
    assert answer.status_code == 200
    copy = Recommendation.objects.filter(cycle=published.other_cycle)
    assert [row.reference for row in copy] == ["BXL-C2-N1"]
    after = everything()
    changed = {key for key in before if after.get(key) != before[key]}
    parents = {(Page, published.other_cycle.page_id), (Cycle, published.other_cycle.pk)}
    assert changed <= {"log"} | parents  # children counted, label numbered
    assert after["log"][: len(before["log"])] == before["log"]


def test_an_alias_of_a_recommendation_is_not_made_a_second_one(published, desk):
    alias = published.page.create_alias(parent=published.other_cycle.page, update_slug="alias")
    before = everything()
    answer = posted(desk, page_url(alias, "convert_alias"))
    assert_admin_shut(answer, before)
    assert Page.objects.get(pk=alias.pk).alias_of_id == published.page.pk


# -- raw SQL ------------------------------------------------------------------------------------


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def table(model: type) -> str:
    return model._meta.db_table


RAW: dict[str, tuple[Callable[[Published], Any], str]] = {
    "words of an action": (
        lambda w: sql(
            f"UPDATE {table(Action)} SET title = %s WHERE id = %s",
            json.dumps(OTHER_WORDS),
            w.facts[Action].pk,
        ),
        "not as it was published",
    ),
    "a measure is off": (
        lambda w: sql(
            f"UPDATE {table(Measure)} SET live = %s, first_published_at = NULL WHERE id = %s",
            False,
            w.facts[Measure].pk,
        ),
        "was published and is not any more",
    ),
    "the result of an act": (
        lambda w: sql(f"UPDATE {table(Act)} SET votes_for = 3 WHERE id = %s", w.facts[Act].pk),
        "not as it was published",
    ),
    "a count": (
        lambda w: sql(
            f"UPDATE {table(AnnouncedCount)} SET number = 61 WHERE id = %s",
            w.facts[AnnouncedCount].pk,
        ),
        "not as it was published",
    ),
    "a withdrawal": (
        lambda w: sql(
            f"UPDATE {table(Withdrawal)} SET withdrawn_on = %s WHERE id = %s",
            "2026-01-01",
            w.facts[Withdrawal].pk,
        ),
        "not as it was published",
    ),
    "a withdrawal forgotten": (
        lambda w: Recommendation.objects.update(withdrawn_on=None),
        "register and withdrawal differ",
    ),
    "a target": (
        lambda w: sql(
            f"DELETE FROM {table(ActionTarget)} WHERE action_id = %s", w.facts[Action].pk
        ),
        "not as it was published",
    ),
    "a source": (
        lambda w: sql(
            f"UPDATE {table(Source)} SET url = 'https://example.com/' WHERE action_id = %s",
            w.facts[Action].pk,
        ),
        "not as it was published",
    ),
    "a contributor": (
        lambda w: sql(f"DELETE FROM {table(Measure.contributors.through)}"),
        "not as it was published",
    ),
    "the number of an action": (
        lambda w: sql(f"UPDATE {table(Action)} SET number = 900 WHERE id = %s", w.facts[Action].pk),
        "not as it was published",
    ),
    "what an action was aimed at": (
        lambda w: sql(
            f"UPDATE {table(Action)} SET aimed_at = %s WHERE id = %s",
            json.dumps({"recommendations": [], "measures": []}),
            w.facts[Action].pk,
        ),
        "not as it was published",
    ),
    "a gap in the log": (
        lambda w: sql(f"DELETE FROM {table(Change)} WHERE number = 5"),
        "lacks numbers 5 to 5",
    ),
    "the end of the log": (
        lambda w: sql(f"DELETE FROM {table(Change)} WHERE action_id = %s", w.facts[Action].pk),
        "does not know it",
    ),
    "a fingerprint": (
        lambda w: sql(
            f"UPDATE {table(Change)} SET fingerprint = %s WHERE action_id = %s",
            "0" * 64,
            w.facts[Action].pk,
        ),
        "not as it was published",
    ),
    "a fact written behind the log": (
        # Django's own queryset, which asks nobody: ours refuses.
        lambda w: models.QuerySet(AnnouncedCount).bulk_create(
            [AnnouncedCount(cycle=w.cycle, counts="panel", words={"fr": "x"}, live=True)]
        ),
        "does not know it",
    ),
    "the original page is off": (
        lambda w: Page.objects.filter(pk=w.page.pk).update(live=False),
        "off the site",
    ),
    "the Dutch page is off": (
        lambda w: Page.objects.filter(pk=w.dutch.pk).update(live=False),
        "off the site",
    ),
    "the cycle's page is off": (
        lambda w: Page.objects.filter(pk=w.cycle_page.pk).update(live=False),
        "off the site",
    ),
    "the words": (
        lambda w: sql(
            f"UPDATE {table(RecommendationPage)} SET verbatim = '<p>x</p>' WHERE page_ptr_id = %s",
            w.page.pk,
        ),
        "not as it was published",
    ),
    "the Dutch words": (
        lambda w: sql(
            f"UPDATE {table(RecommendationPage)} SET verbatim = '<p>x</p>' WHERE page_ptr_id = %s",
            w.dutch.pk,
        ),
        "the words in nl are not as published",
    ),
    "a reference": (
        lambda w: sql(
            f"UPDATE {table(Recommendation)} SET reference = 'BXL-C1-99' WHERE id = %s", w.asked.pk
        ),
        "not as it was published",
    ),
    "the label of the page": (
        lambda w: sql(
            f"UPDATE {table(RecommendationPage)} SET label = '99' WHERE page_ptr_id = %s",
            w.page.pk,
        ),
        "register and page differ",
    ),
    "another parent": (
        lambda w: sql(
            f"UPDATE {table(Recommendation)} SET cycle_id = %s WHERE id = %s",
            w.other_cycle.pk,
            w.asked.pk,
        ),
        "not a reference of its cycle",
    ),
    "the code of a cycle": (
        lambda w: sql(f"UPDATE {table(Cycle)} SET reference = 'BXL-C8' WHERE id = %s", w.cycle.pk),
        "not a reference of its cycle",
    ),
}


@pytest.mark.parametrize("trace", RAW)
def test_what_raw_sql_changed_is_found(published, trace):
    change, sentence = RAW[trace]
    with translation.override("en"):
        assert list(audit.findings()) == []
        change(published)
        found = list(audit.findings())
    assert any(sentence in each for each in found), found


# -- what is allowed ----------------------------------------------------------------------------


def test_a_missing_language_is_added_and_only_that(published):
    fact = publish_action(published.asked, title="Étape", text="Un texte.", dutch=False)
    number = Change.objects.latest("number").number
    fact = Action.objects.get(pk=fact.pk)
    fact.title = LazyI18nString({"fr": "Étape", "nl": "Stap"})
    fact.save()
    fact.refresh_from_db()
    assert fact.title.data == {"fr": "Étape", "nl": "Stap"}
    assert fact.number == number
    change = Change.objects.latest("number")
    assert (change.number, change.kind, change.action_id) == (number + 1, "words", fact.pk)
    assert change.fingerprint == history.fingerprint(history.content(fact))
    assert fact.words_written == {
        "fr": clock.today().isoformat(),
        "nl": clock.today().isoformat(),
    }
    assert list(audit.findings()) == []

    before = everything()
    for words in (
        {"fr": "Étape", "nl": "Trap"},
        {"fr": "Étape"},
        {"nl": "Stap"},
        {"fr": "Une étape", "nl": "Stap"},
        {"fr": "Une étape", "nl": "Stap", "en": "Step"},
        {},
        "",
    ):
        assert_shut(lambda words=words: saved_words(fact.pk, "title", words), before)


def saved_words(pk: int, name: str, words: Any) -> None:
    fact = Action.objects.get(pk=pk)
    setattr(fact, name, LazyI18nString(words))
    fact.save()


@pytest.mark.parametrize("name", sorted(Action.worded()))
def test_words_are_not_added_where_nothing_was_said(published, name):
    """It would be a new statement, a new due date even, and not a missing language."""
    fact = publish_action(published.asked, dutch=False)
    said = getattr(Action.objects.get(pk=fact.pk), name).data
    before = everything()
    if said:
        saved_words(fact.pk, name, {**said, "nl": "Stap"})
        assert everything() != before
    else:
        assert_shut(lambda: saved_words(fact.pk, name, {"nl": "Stap"}), before)
        assert_shut(lambda: saved_words(fact.pk, name, {"fr": "Étape"}), before)


def test_a_missing_language_is_added_by_a_revision_and_in_the_admin(published, desk):
    fact = publish_action(published.asked, title="Étape", dutch=False)
    answer = desk.post(desk_url(fact, "languages"), {"title_nl": "Stap"}, follow=True)
    assert answer.status_code == 200
    fact.refresh_from_db()
    assert fact.title.data == {"fr": "Étape", "nl": "Stap"}
    assert Change.objects.latest("number").kind == "words"
    assert list(audit.findings()) == []


def test_a_language_version_of_a_source_is_added_and_only_that(published):
    def with_source(**fields):
        fact = Action.objects.get(pk=published.facts[Action].pk)
        fact.sources.add(source(**fields))
        fact.save()

    before = everything()
    assert_shut(lambda: with_source(position=2, language="nl"), before)
    assert_shut(lambda: with_source(position=1, language="fr", title="Un autre"), before)
    with_source(position=1, language="nl", title="Verslag")
    fact = published.fact(Action)
    assert [(row.position, row.language) for row in fact.sources.all()] == [(1, "fr"), (1, "nl")]
    assert Change.objects.latest("number").kind == "words"
    assert list(audit.findings()) == []


def test_wagtail_may_keep_its_books(published):
    before = everything()
    fact = published.fact(Action)
    fact.locked = True
    fact.save(update_fields=["locked"])
    Action.objects.filter(pk=fact.pk).update(locked=False, has_unpublished_changes=False)
    fact.save_revision()
    Action.objects.get(pk=fact.pk).save()
    published.page.save_revision()
    assert everything() == before


def test_the_editors_may_work_on_the_page_around_the_words(published):
    page = published.page
    page.summary = "En deux mots."
    page.title = "Un guichet partout"
    page.save_revision().publish()
    row = Recommendation.objects.get(pk=published.asked.pk)
    assert (row.title, row.reference) == ("Un guichet partout", published.asked.reference)
    assert list(audit.findings()) == []


def test_the_projection_may_write_what_it_computes(published):
    Measure.objects.filter(pk=published.facts[Measure].pk).update(next_due=None)
    Recommendation.objects.filter(pk=published.asked.pk).update(next_due=None)
    assert list(audit.findings()) == []


def test_a_draft_is_anybodys(published):
    draft = Action.objects.get(pk=published.draft.pk)
    before = everything()
    draft.title = LazyI18nString(OTHER_WORDS)
    draft.sources = [source("Autre")]
    draft.save()
    Action.objects.filter(pk=draft.pk).update(kind="meeting", axis="", value="")
    Source.objects.filter(action=draft).update(title="Encore un autre")
    Action.objects.filter(pk=draft.pk).delete()
    assert not Action.objects.filter(pk=draft.pk).exists()
    assert everything() == before
