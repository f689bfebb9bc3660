"""The register: one row a thing, whatever the languages; what identifies it is fixed for good."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Locale, Page

from assemblies import history, references
from assemblies.models import (
    Assembly,
    AssemblyPage,
    Body,
    Change,
    Cycle,
    CyclePage,
    Recommendation,
    RecommendationPage,
)
from tests.assemblies.desk import client_of, make_user, page_url
from tests.factories import (
    make_assembly,
    make_body,
    make_cycle,
    make_group,
    make_home,
    make_kind,
    make_measure,
    make_recommendation,
    make_topic,
    make_world,
    publish_action,
    translate,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def page_of(row: Recommendation) -> RecommendationPage:
    return RecommendationPage.objects.get(pk=row.page_id)


def save(page: Page, **values: Any) -> None:
    for name, value in values.items():
        setattr(page, name, value)
    page.save()


# -- original and translation -------------------------------------------------------------------


def test_one_row_whatever_the_languages(world):
    asked = make_recommendation(world.cycle, label="3.4", dutch="Een loket in elke wijk")
    assert RecommendationPage.objects.count() == 2
    assert Recommendation.objects.get() == asked
    assert asked.page.locale.language_code == "fr"
    assert asked.translation_key == asked.page.translation_key
    dutch = asked.page.get_translations().get().specific
    assert dutch.register_row() == asked
    assert asked.page.specific.is_original
    assert not dutch.is_original
    assert Assembly.objects.count() == Cycle.objects.count() == 1


def test_the_register_follows_the_original_and_not_its_translation(world):
    topic = make_topic("housing")
    asked = make_recommendation(world.cycle, label="1", title="Un guichet", dutch="Een loket")
    dutch = asked.page.get_translations().get().specific
    dutch.topics = [topic]
    save(dutch, title="Iets anders", votes_for=12)
    row = fresh(asked)
    assert (row.title, row.votes_for, row.topic_keys) == ("Un guichet", None, [])
    page = page_of(asked)
    page.topics = [topic]
    save(page, title="Un guichet partout", votes_for=12)
    row = fresh(asked)
    assert (row.title, row.votes_for, row.topic_keys) == ("Un guichet partout", 12, [topic.pk])
    assert list(row.topics.all()) == [topic]


def test_a_translation_published_before_its_original_registers_nothing(world):
    page = make_recommendation(world.cycle, label="1", live=False, dutch=False)
    translate(page)
    assert not Recommendation.objects.exists()
    page = RecommendationPage.objects.get(pk=page.pk)
    page.save_revision().publish()
    assert Recommendation.objects.get().page_id == page.pk


def test_a_recommendation_asked_in_dutch_is_its_own_original(world):
    page = RecommendationPage(
        title="Een loket",
        slug="een-loket",
        label="7",
        kind=world.kind,
        verbatim="<p>Wij vragen een loket.</p>",
        locale=Locale.objects.get(language_code="nl"),
    )
    world.cycle_page_nl.add_child(instance=page)
    row = Recommendation.objects.get()
    assert (row.reference, row.page_id, row.cycle) == ("BXL-C1-7", page.pk, world.cycle)
    assert row.page.locale.language_code == "nl"


def test_what_is_not_given_comes_from_kind_and_cycle(world):
    senate = make_body("senate", "council")
    one = make_recommendation(world.cycle, label="1")
    assert (one.deciding_body, one.handed_over_on) == (
        world.government,
        datetime.date(2023, 6, 9),
    )
    two = make_recommendation(
        world.cycle, label="2", deciding_body=senate, handed_over_on=datetime.date(2023, 7, 1)
    )
    assert (two.deciding_body, two.handed_over_on) == (senate, datetime.date(2023, 7, 1))


# -- references ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "reference"),
    [
        ("12", "BXL-C1-12"),
        ("3.4", "BXL-C1-3.4"),
        ("d1", "BXL-C1-D1"),
        ("3.4 bis", "BXL-C1-3.4-BIS"),
        (" 5 ", "BXL-C1-5"),
        ("Œuvre n° 2", "BXL-C1-OEUVRE-N-2"),
        ("été/hiver", "BXL-C1-ETE-HIVER"),
        ("…", "BXL-C1-N1"),
        ("", "BXL-C1-N1"),
    ],
)
def test_a_label_as_it_stands_in_a_reference(world, label, reference):
    row = make_recommendation(world.cycle, label=label, slug="x", dutch=False)
    assert row.reference == reference
    assert row.label == label
    assert references.code(reference) == reference


def test_unlabelled_ones_are_numbered_and_no_number_is_used_again(world):
    def unlabelled():
        return make_recommendation(world.cycle, title="Sans numéro", dutch=False, slug=slug())

    slugs = iter(f"sans-{number}" for number in range(99))

    def slug():
        return next(slugs)

    assert [unlabelled().reference for _time in range(2)] == ["BXL-C1-N1", "BXL-C1-N2"]
    make_recommendation(world.cycle, label="N3", dutch=False)  # somebody's own label
    assert unlabelled().reference == "BXL-C1-N4"
    # One that was undone leaves no gap; one that was published keeps its number for ever.
    with transaction.atomic():
        assert unlabelled().reference == "BXL-C1-N5"
        transaction.set_rollback(True)
    assert unlabelled().reference == "BXL-C1-N5"
    other = make_cycle(world.assembly_page, code="C2").register
    assert make_recommendation(other, dutch=False, slug="sans").reference == "BXL-C2-N1"


def test_a_reference_is_unique_without_regard_to_case(world):
    make_recommendation(world.cycle, label="3.4a", dutch=False)
    for place, label in enumerate(("3.4A", "3.4a", " 3.4A")):
        with pytest.raises(ValidationError, match=r"BXL-C1-3\.4A"), transaction.atomic():
            make_recommendation(world.cycle, label=label, slug=f"autre-{place}", dutch=False)
    assert Recommendation.objects.count() == 1
    assert not Page.objects.filter(slug__startswith="autre").exists()


def test_a_label_may_be_used_in_each_cycle(world):
    other = make_cycle(world.assembly_page, code="C2").register
    assert make_recommendation(world.cycle, label="1").reference == "BXL-C1-1"
    assert make_recommendation(other, label="1").reference == "BXL-C2-1"


def test_the_order_is_that_of_people_by_group_then_by_label(world):
    second = make_group(world.cycle, label="2", sort_order=2)
    tenth = make_group(world.cycle, label="10", sort_order=10)
    within = make_group(world.cycle, label="10.1", parent=tenth)
    for label, group in (
        ("10", second),
        ("2", second),
        ("3.10", within),
        ("3.9", within),
    ):
        make_recommendation(world.cycle, label=label, group=group, dutch=False)

    def in_order():
        return [row.label for row in Recommendation.objects.in_order()]

    assert in_order() == ["2", "10", "3.9", "3.10"]
    tenth = fresh(tenth)
    tenth.sort_order = 1
    tenth.save()
    assert in_order() == ["3.9", "3.10", "2", "10"]


# -- what is fixed ------------------------------------------------------------------------------


def changes(world, asked) -> dict[str, Any]:
    other = make_kind(world.assembly, "voeu", deciding_body=world.government)
    return {
        "label": "9",
        "kind": other,
        "deciding_body": make_body("senate", "council"),
        "verbatim": "<p>Autre chose.</p>",
    }


@pytest.mark.parametrize("name", ["label", "kind", "deciding_body", "verbatim"])
def test_what_identifies_a_published_recommendation_is_fixed(world, name):
    asked = make_recommendation(world.cycle, label="1")
    page = page_of(asked)
    before = Recommendation.objects.values().get(), Change.objects.count()
    setattr(page, name, changes(world, asked)[name])
    log = Change.objects.count()
    for attempt in (page.save, page.full_clean, lambda: page.save_revision(clean=True)):
        with pytest.raises(ValidationError) as caught, transaction.atomic():
            attempt()
        assert list(caught.value.message_dict) == [name]
    assert Recommendation.objects.values().get() == before[0]
    assert Change.objects.count() == log
    assert getattr(page_of(asked), name) != getattr(page, name)


def test_a_draft_may_still_change_everything(world):
    page = make_recommendation(world.cycle, label="1", live=False, dutch=False)
    save(page, **changes(world, page))
    page.save_revision().publish()
    row = Recommendation.objects.get()
    assert (row.reference, row.kind.code, row.deciding_body.slug) == ("BXL-C1-9", "voeu", "senate")


def test_the_deciding_body_stays_when_the_kind_gets_another(world):
    asked = make_recommendation(world.cycle, label="1")
    kind = fresh(world.kind)
    kind.deciding_body = make_body("senate", "council")
    kind.save()
    assert fresh(asked).deciding_body == world.government
    page = page_of(asked)
    with pytest.raises(ValidationError):
        page.save()
    page.deciding_body = world.government
    page.save()
    assert fresh(asked).deciding_body == world.government


def test_the_words_of_a_translation_are_fixed_too(world):
    asked = make_recommendation(world.cycle, label="1")
    dutch = asked.page.get_translations().get().specific
    with pytest.raises(ValidationError, match="verbatim"):
        save(dutch, verbatim="<p>Iets anders.</p>")


def test_a_recommendation_belongs_to_its_own_assembly_and_cycle(world):
    paris = make_assembly(world.home, code="PAR", preset="paris")
    theirs = make_kind(paris.register, "voeu")
    other = make_cycle(world.assembly_page, code="C2").register
    group = make_group(other)
    for fields in ({"kind": theirs}, {"group": group}):
        with pytest.raises(ValidationError) as caught, transaction.atomic():
            make_recommendation(world.cycle, label="1", dutch=False, **fields)
        assert list(caught.value.message_dict) == list(fields)
    assert not Recommendation.objects.exists()


def test_nothing_is_published_below_what_is_not(world):
    cycle = CyclePage(title="Cycle 9", slug="cycle-9", code="C9", locale=world.home.locale)
    cycle.live = False
    world.assembly_page.add_child(instance=cycle)
    page = RecommendationPage(
        title="Un guichet",
        slug="un-guichet",
        kind=world.kind,
        verbatim="<p>Un guichet.</p>",
        locale=world.home.locale,
    )
    with pytest.raises(ValidationError), transaction.atomic():
        cycle.add_child(instance=page)
    assert not Recommendation.objects.exists()


def test_a_published_recommendation_does_not_move(world):
    asked = make_recommendation(world.cycle, label="1", dutch=False)
    other = make_cycle(world.assembly_page, code="C2")
    page = page_of(asked)
    assert not page.can_move_to(other)
    for mover in (page, Page.objects.get(pk=page.pk)):
        with pytest.raises(history.HistoryError), transaction.atomic():
            mover.move(other, pos="last-child")
    assert page_of(asked).get_parent().pk == world.cycle_page.pk


def test_a_draft_moves_and_a_published_one_changes_places_among_its_siblings(world):
    draft = make_recommendation(world.cycle, label="1", live=False, dutch=False)
    other = make_cycle(world.assembly_page, code="C2")
    assert draft.can_move_to(other)
    draft.move(other, pos="last-child")
    assert Page.objects.get(pk=draft.pk).get_parent().pk == other.pk
    first, second = (make_recommendation(world.cycle, label=each) for each in ("2", "3"))
    page_of(second).move(page_of(first), pos="left")
    children = fresh(world.cycle_page).get_children()
    assert [page.pk for page in children] == [second.page_id, first.page_id]


def test_a_copy_comes_without_label_and_is_a_recommendation_of_its_own(world):
    asked = make_recommendation(world.cycle, label="1")
    other = make_cycle(world.assembly_page, code="C2")
    for live in (False, True):
        copy = page_of(asked).copy(to=other, update_attrs={"slug": f"copie-{live}"}, keep_live=live)
        assert copy.label == ""
        assert copy.get_latest_revision_as_object().label == ""
        assert copy.translation_key != asked.translation_key
        assert Recommendation.objects.count() == 1 + live
    row = Recommendation.objects.get(page__slug="copie-True")
    assert row.reference == "BXL-C2-N1"
    assert fresh(asked).page_id == asked.page_id


def test_an_alias_registers_nothing(world):
    asked = make_recommendation(world.cycle, label="1")
    other = make_cycle(world.assembly_page, code="C2")
    log = Change.objects.count()
    alias = page_of(asked).create_alias(parent=other, update_slug="alias")
    assert Recommendation.objects.count() == 1
    page = page_of(asked)
    page.summary = "En deux mots."
    page.save_revision().publish()
    assert RecommendationPage.objects.get(pk=alias.pk).summary == "En deux mots."
    assert Recommendation.objects.count() == 1
    assert Change.objects.count() == log + 1


def test_an_alias_in_another_language_registers_nothing(world):
    asked = make_recommendation(world.cycle, label="1", dutch=False)
    log = Change.objects.count()
    page_of(asked).copy_for_translation(Locale.objects.get(language_code="nl"), alias=True)
    assert Recommendation.objects.count() == 1
    assert Change.objects.count() == log


def test_a_scheduled_first_publication_registers_only_when_it_goes_live(world):
    page = make_recommendation(world.cycle, label="1", live=False, dutch=False)
    page.go_live_at = timezone.now() + datetime.timedelta(days=1)
    page.save_revision().publish()
    call_command("publish_scheduled")
    assert not Recommendation.objects.exists()
    assert not RecommendationPage.objects.get(pk=page.pk).live

    page = RecommendationPage.objects.get(pk=page.pk)
    revision = page.latest_revision
    revision.approved_go_live_at = timezone.now() - datetime.timedelta(minutes=1)
    revision.content["go_live_at"] = revision.approved_go_live_at.isoformat()
    revision.save()
    call_command("publish_scheduled")
    assert RecommendationPage.objects.get(pk=page.pk).live
    assert Recommendation.objects.get().reference == "BXL-C1-1"


def test_a_scheduled_revision_of_what_is_live_registers_when_it_comes(world):
    asked = make_recommendation(world.cycle, label="1", dutch=False)
    page = page_of(asked)
    page.save_revision().publish()
    page = page_of(asked)
    page.title = "Un guichet partout"
    page.go_live_at = timezone.now() + datetime.timedelta(days=1)
    page.save_revision().publish()
    assert fresh(asked).title == "Recommandation 1"
    assert page_of(asked).live


def test_a_draft_of_another_handover_changes_nothing_until_it_is_published(world):
    row = make_recommendation(world.cycle, label="3.4", dutch=False)
    first, other = row.handed_over_on, datetime.date(2023, 9, 1)
    due = row.next_due
    page = CyclePage.objects.get(pk=world.cycle_page.pk)
    page.handed_over_on = other
    page.save_revision()
    assert Cycle.objects.get().handed_over_on == first
    assert CyclePage.objects.get(pk=page.pk).handed_over_on == first
    stored = Recommendation.objects.get()
    assert (stored.handed_over_on, stored.next_due) == (first, due)
    CyclePage.objects.get(pk=page.pk).get_latest_revision().publish()
    assert Cycle.objects.get().handed_over_on == other
    stored = Recommendation.objects.get()
    assert stored.handed_over_on == other
    assert stored.next_due != due


# -- codes of assembly and cycle ----------------------------------------------------------------


def test_the_code_of_a_cycle_is_fixed_once_a_recommendation_is_published(world):
    page = fresh(world.cycle_page)
    save(page, code="C7")
    assert fresh(world.cycle).reference == "BXL-C7"
    make_recommendation(fresh(world.cycle), label="1", dutch=False)
    for attempt in (page.save, page.full_clean):
        page.code = "C8"
        with pytest.raises(ValidationError) as caught, transaction.atomic():
            attempt()
        assert "code" in caught.value.message_dict
    assert fresh(world.cycle).reference == "BXL-C7"
    save(fresh(page), theme="Le logement")


def test_the_code_of_an_assembly_is_fixed_once_a_cycle_is_published(world):
    page = make_assembly(world.home, code="PAR", preset="paris")
    save(page, code="VDP")
    assert Assembly.objects.filter(code="VDP").exists()
    make_cycle(page, code="P1")
    page = AssemblyPage.objects.get(pk=page.pk)
    for attempt in (page.save, page.full_clean):
        page.code = "PAR"
        with pytest.raises(ValidationError) as caught, transaction.atomic():
            attempt()
        assert "code" in caught.value.message_dict
    assert Cycle.objects.get(code="P1").reference == "VDP-P1"


@pytest.mark.parametrize("code", ["", "B-L", "–"])
def test_a_code_is_made_of_letters_digits_and_points(world, code):
    for page in (fresh(world.cycle_page), fresh(world.assembly_page)):
        page.code = code
        with pytest.raises(ValidationError) as caught:
            page.full_clean()
        assert "code" in caught.value.message_dict


def test_a_code_is_written_in_capitals(world):
    page = fresh(world.cycle_page)
    save(page, code="c1.b")
    assert fresh(world.cycle).reference == "BXL-C1.B"


def test_two_assemblies_or_cycles_have_two_codes(world):
    with pytest.raises(ValidationError) as caught, transaction.atomic():
        make_assembly(world.home, code="BXL", preset="paris", slug="autre")
    assert "code" in caught.value.message_dict
    with pytest.raises(ValidationError) as caught, transaction.atomic():
        make_cycle(world.assembly_page, code="C1", slug="autre")
    assert "code" in caught.value.message_dict
    assert (Assembly.objects.count(), Cycle.objects.count()) == (1, 1)


def test_the_days_of_a_cycle_are_in_order(world):
    page = fresh(world.cycle_page)
    page.ends_on = page.handed_over_on - datetime.timedelta(days=1)
    with pytest.raises(ValidationError) as caught:
        page.full_clean()
    assert "handed_over_on" in caught.value.message_dict


# -- refusals leave nothing half done -----------------------------------------------------------


def tree() -> list[Any]:
    columns = ("pk", "path", "numchild", "live", "url_path")
    return list(Page.objects.order_by("path").values_list(*columns))


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_refusal_leaves_nothing_half_done():
    """Without a transaction around it: the tree's counters stay right, no branch is half off."""
    world = make_world()
    asked = make_recommendation(world.cycle, label="1")
    make_recommendation(world.cycle, label="2")
    measure = make_measure(asked, contributors=[world.administration])
    publish_action(asked, value="partial")
    admin = make_user("admin", superuser=True)
    home = make_home()[0]
    desk = client_of(admin)
    before = tree(), Change.objects.count()
    attempts = {
        "the page": lambda: page_of(asked).delete(),
        "the plain page": lambda: Page.objects.get(pk=asked.page_id).delete(),
        "the cycle": lambda: Page.objects.get(pk=world.cycle_page.pk).delete(),
        "the assembly": lambda: fresh(world.assembly_page).delete(),
        "the home page": lambda: home.delete(),
        "all of a type": lambda: RecommendationPage.objects.all().delete(),
        "a move": lambda: Page.objects.get(pk=asked.page_id).move(home, pos="last-child"),
        "a branch": lambda: UnpublishPageAction(
            fresh(world.assembly_page), user=admin, include_descendants=True
        ).execute(),
        "a measure": measure.delete,
        "a body": lambda: Body.objects.get(slug="housing").delete(),
        "the admin": lambda: desk.post(page_url(home, "delete")),
        "the api": lambda: desk.post(f"/admin/api/main/pages/{asked.page_id}/action/delete/"),
        "the api, home": lambda: desk.post(f"/admin/api/main/pages/{home.pk}/action/delete/"),
    }
    for name, attempt in attempts.items():
        try:
            answer = attempt()
        except (history.HistoryError, ProtectedError):
            answer = None
        assert answer is None or answer.status_code in (302, 403), name
        assert (tree(), Change.objects.count()) == before, name
    assert Page.find_problems() == ([], [], [], [], [])
