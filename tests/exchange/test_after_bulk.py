"""What was loaded in bulk is edited, corrected and translated in the admin like what was typed."""

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale
from wagtail_localize.models import Translation

from assemblies.models import Action, CyclePage, Recommendation, RecommendationPage
from tests.assemblies.desk import client_of, desk_url, filled, make_user, page_url, told
from tests.exchange import folders, ways

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def loaded(tmp_path):
    folders.write(tmp_path, ways.rich())
    ways.load(tmp_path, in_bulk=True)


@pytest.fixture
def desk(loaded) -> Client:
    return client_of(make_user("admin", superuser=True))


@pytest.fixture
def asked(loaded) -> Recommendation:
    return Recommendation.objects.get(label="1.1")


def test_a_page_is_edited_and_published_without_loss(desk, asked):
    page = RecommendationPage.objects.get(pk=asked.page_id)
    before = page.serializable_data()
    data = filled(desk.get(page_url(page, "edit")))
    assert data["title"] == "Water"
    assert "Wij vragen water." in data["verbatim"]
    assert len(data["addressees"]) == 2
    answer = desk.post(
        page_url(page, "edit"), {**data, "summary": "Kort.", "action-publish": "1"}, follow=True
    )
    page.refresh_from_db()
    assert page.summary == "Kort.", told(answer)
    after = page.serializable_data()
    kept = set(before) - {
        *("summary", "last_published_at", "latest_revision_created_at", "latest_revision"),
        *("live_revision", "first_published_at"),
    }
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert page.revisions.count() == 2
    call_command("check_history", verbosity=0)


def test_its_history_and_its_previews_open(desk, asked):
    for view in ("history", "usage", "view_draft"):
        assert desk.get(page_url(asked.page, view)).status_code == 200, view
    assert desk.get(reverse("wagtailadmin_explore", args=[asked.cycle.page_id])).status_code == 200
    revision = asked.page.latest_revision
    answer = desk.get(page_url(asked.page, "revisions_view", revision.pk))
    assert answer.status_code == 200


def test_the_words_handed_over_stay_as_they_are(desk, asked):
    page = asked.page
    data = filled(desk.get(page_url(page, "edit")))
    words = data["verbatim"].replace("water", "wijn")
    answer = desk.post(page_url(page, "edit"), {**data, "verbatim": words, "action-publish": "1"})
    assert "stay as they are" in told(answer)
    page.refresh_from_db()
    assert "water" in page.verbatim


def test_a_page_of_one_language_is_translated_and_published(desk, loaded):
    shade = Recommendation.objects.get(reference="LGE-C1-N1").page
    dutch = Locale.objects.get(language_code="nl")
    url = reverse("wagtail_localize:submit_page_translation", args=[shade.pk])
    answer = desk.post(url, {"locales": [dutch.pk]}, follow=True)
    translation = Translation.objects.filter(source__object_id=shade.translation_key).first()
    assert translation is not None, told(answer)
    page = translation.get_target_instance()
    assert page.get_parent().locale == dutch
    assert page.verbatim
    shade.refresh_from_db()
    assert shade.live


def test_the_next_page_finds_its_place(desk, asked):
    """The tree, its counts and the numbers without label go on where the load left them."""
    cycle = CyclePage.objects.get(pk=asked.cycle.page_id)
    below = RecommendationPage(
        title="Encore",
        verbatim="<p>Encore.</p>",
        kind=asked.kind,
        locale=cycle.locale,
    )
    cycle.add_child(instance=below)
    below.save_revision().publish()
    row = Recommendation.objects.get(page=below)
    assert row.reference == "LGE-C1-N3"
    assert cycle.numchild == cycle.get_children().count()
    problems = type(cycle).find_problems()
    assert [each for each in problems if each] == []


def test_an_action_is_opened_and_corrected(desk, asked):
    action = Action.objects.get(happened_first="2024-06-01")
    answer = desk.get(desk_url(action, "edit"))
    assert answer.status_code == 200
    assert "Un budget" in answer.content.decode()
    assert desk.get(desk_url(action, "history")).status_code == 200
    data = filled(desk.get(desk_url(Action, "add"), {"corrects": action.pk}))
    assert (data["title_0"], data["amount"]) == ("Un budget", "12500.50")
    right = {"amount": "12000", "reason_text_0": "Une erreur.", "action-publish": "on"}
    answer = desk.post(desk_url(Action, "add"), {**data, **right}, follow=True)
    correction = Action.objects.filter(corrects=action).first()
    assert correction is not None, told(answer)
    assert correction.live
    action.refresh_from_db()
    assert str(action.amount) == "12500.50"
    call_command("check_history", verbosity=0)


def test_a_missing_language_is_added_to_a_fact(desk, loaded):
    action = Action.objects.get(happened_first="2024-05-01")
    url = desk_url(action, "languages")
    answer = desk.post(url, {"title_nl": "De fontein stroomt"}, follow=True)
    action.refresh_from_db()
    assert action.title.data["nl"] == "De fontein stroomt", told(answer)
    assert action.title.data["fr"] == "La fontaine coule"
    assert [source.title for source in action.sources.all()] == ["Photo"]
    assert [target.measure.label for target in action.targets.all()] == ["1.1.1"]
    call_command("check_history", verbosity=0)


def test_it_is_found_in_the_admins_search(desk, asked):
    answer = desk.get(reverse("wagtailadmin_pages:search"), {"q": "Water"})
    assert "Water" in answer.content.decode()
    answer = desk.get(desk_url(Action, "list"), {"q": "fontaine"})
    assert "La fontaine coule" in answer.content.decode()
