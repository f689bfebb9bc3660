"""What was read is published as an editor would publish it, all of it or nothing."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from wagtail.models import Page

from assemblies import models
from exchange import reader, writer
from exchange.problems import ImportRefused
from tests.exchange import folders

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


def load(tmp_path, **changes):
    folders.write(tmp_path, folders.small(**changes))
    package = reader.read(tmp_path, folders.LANGUAGES)
    assert [str(problem) for problem in package.problems] == []
    writer.write(package, "test")


def refused(tmp_path, **changes) -> list[str]:
    before = models.Change.objects.count()
    with translation.override("en"), pytest.raises(ImportRefused) as caught:
        load(tmp_path, **changes)
    assert not models.Assembly.objects.exists()
    assert models.Change.objects.count() == before
    with translation.override("en"):
        return [str(problem) for problem in caught.value.problems]


def test_pages_are_live_with_a_revision_in_each_language_that_has_their_texts(tmp_path):
    load(tmp_path)
    asked = models.Recommendation.objects.get(reference="LGE-C1-1.1")
    pages = models.RecommendationPage.objects.filter(translation_key=asked.translation_key)
    assert {page.locale.language_code: page.title for page in pages} == {
        "fr": "De l’eau",
        "nl": "Water",
    }
    assert all(page.live and page.latest_revision_id for page in pages)
    assert asked.page.locale.language_code == "nl"
    assert asked.page.verbatim == "<p>Wij vragen water.</p>"
    assert set(asked.topics.values_list("slug", flat=True)) == {"eau"}
    assert set(asked.addressees.values_list("slug", flat=True)) == {"gov", "com"}
    assert asked.group.parent.title.data == {"fr": "Priorité"}
    shade = models.Recommendation.objects.get(reference="LGE-C1-N1")
    assert shade.page.get_translations().count() == 0
    assert models.AssemblyPage.objects.get(locale__language_code="nl").slug == "burgerraad"


def test_lists_name_each_other(tmp_path):
    load(tmp_path)
    assembly = models.Assembly.objects.get()
    assert assembly.committee.slug == "com"
    assert set(assembly.bodies.values_list("slug", flat=True)) == {"gov", "com", "zoo"}
    assert assembly.committee.parent.slug == "zoo"
    (rule,) = assembly.regime.duty_rules.all()
    assert rule.answered_by == ["response", "referral"]


def test_facts_are_published_in_the_order_in_which_they_became_known(tmp_path):
    load(tmp_path)
    titles = [action.title.localize("fr") for action in models.Action.objects.order_by("number")]
    # The measure's own first action names its lead.
    assert titles == ["Une fontaine", "Oui", "La fontaine coule", "Non, en fait"]
    assert not models.Action.objects.filter(latest_revision=None).exclude(kind="lead").exists()


def test_states_follow(tmp_path):
    load(tmp_path)
    asked = models.Recommendation.objects.get(reference="LGE-C1-1.1")
    assert asked.response == "rejected"
    measure = models.Measure.objects.get()
    assert (measure.reference, measure.implementation) == ("LGE-C1-1.1.1", "delivered")
    assert measure.lead.slug == "gov"
    assert models.Withdrawal.objects.get().recommendation.reference == "LGE-C1-N1"
    call_command("check_history", verbosity=0)


def test_a_correction_comes_after_what_it_corrects_whatever_the_days_say(tmp_path):
    load(tmp_path, actions={"a3": {"published_elsewhere_on": "2024-01-01"}})
    correction = models.Action.objects.get(kind="correction")
    assert correction.corrects.number < correction.number


def test_what_a_value_demands_is_asked_for_by_column(tmp_path):
    assert refused(
        tmp_path,
        actions={
            "a1": {"link": "", "concerned_body": ""},
            "a3": None,
            "a2": {"value": "partly"},
        },
        targets={"t3": None},
    ) == [
        "actions.csv, row 3, column “concerned_body”: Name the body.",
        "actions.csv, row 3, column “link”: "
        "Say whether this is new, strengthened, planned or done already.",
        "actions.csv, row 2, column “what_is_missing”: Say what is missing.",
    ]


def test_evidence_is_asked_for(tmp_path):
    (problem,) = refused(tmp_path, sources={"s2": None})
    assert problem.startswith("actions.csv, row 3")
    assert "evidence" in problem


def test_nothing_of_rows_that_name_a_wrong_one_is_told(tmp_path):
    (problem,) = refused(tmp_path, measures={"m": {"announced_on": "2029-01-01"}})
    assert problem.startswith("measures.csv, row 2, column “announced_on”")


def test_rows_that_name_each_other_in_a_circle_are_refused(tmp_path):
    assert refused(tmp_path, groups={"g1": {"parent": "g2"}})[:2] == [
        "groups.csv, row 2: It is named by a row that it names.",
        "groups.csv, row 3: It is named by a row that it names.",
    ]


def test_the_original_language_must_be_there(tmp_path):
    assert refused(tmp_path, recommendations={"x": {"title_nl": ""}}) == [
        "recommendations.csv, row 2, column “title”: Give it in the original language."
    ]


def test_a_language_without_home_page_is_refused(tmp_path):
    (problem,) = refused(tmp_path, assemblies={"a": {"languages": "fr|de"}})
    assert problem == (
        "assemblies.csv, row 2, column “languages”: The site has no home page in this language: de."
    )


def test_an_assembly_that_the_site_has_is_refused(tmp_path):
    load(tmp_path)
    package = reader.read(tmp_path, folders.LANGUAGES)
    with translation.override("en"), pytest.raises(ImportRefused) as caught:
        writer.write(package, "another")
    assert [problem.column for problem in caught.value.problems][-1] == "code"
    assert models.Assembly.objects.count() == 1


def test_shared_lists_of_the_site_stay_as_they_are(tmp_path):
    topic = models.Topic.objects.create(slug="eau", name={"fr": "L’eau"})
    load(tmp_path)
    topic.refresh_from_db()
    assert str(topic.name) == "L’eau"
    assert models.Topic.objects.filter(slug="eau").count() == 1


def test_the_command_says_what_is_wrong_and_loads_nothing(tmp_path, capsys):
    folders.write(tmp_path, folders.small(bodies={"g": {"kind": "person"}}))
    pages = Page.objects.count()
    with pytest.raises(CommandError, match="Nothing was loaded: 1 problem"):
        call_command("import_data", tmp_path, language="en")
    assert "bodies.csv, row 2, column “kind”, “person”: Not one of:" in capsys.readouterr().err
    assert Page.objects.count() == pages


def test_the_command_reports_what_it_loaded(tmp_path, capsys):
    call_command("import_data", folders.write(tmp_path, folders.small()), language="en")
    assert "actions: 3 added" in capsys.readouterr().out
