"""A third assembly with its own regime, words and language comes in by import alone."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from assemblies import directory, models

OSTBELGIEN = Path(__file__).resolve().parent / "packages" / "ostbelgien"

pytestmark = pytest.mark.django_db


@pytest.fixture
def german(settings):
    """The one line that a site adds to its settings for one more language."""
    settings.LANGUAGES = [*settings.LANGUAGES, ("de", "Deutsch")]
    settings.WAGTAIL_CONTENT_LANGUAGES = settings.LANGUAGES
    call_command("setup_site", verbosity=0)
    directory.forget()
    yield
    directory.forget()


@pytest.fixture
def loaded(german):
    call_command("import_data", OSTBELGIEN, verbosity=0)


def test_without_the_language_it_is_refused(site):
    with pytest.raises(CommandError):
        call_command("import_data", OSTBELGIEN, verbosity=0)
    assert not models.Assembly.objects.exists()


def test_its_rules_and_words_are_its_own(loaded):
    assembly = models.Assembly.objects.get()
    assert (assembly.code, assembly.languages) == ("OST", ["de"])
    assert assembly.regime.silent_after_months == 9
    rules = assembly.regime.duty_rules.values_list("code", "delay", "unit", "every")
    assert list(rules) == [
        ("statement", 3, "months", 0),
        ("report", 12, "months", 12),
        ("session", 180, "days", 0),
    ]
    asked = models.Recommendation.objects.get(label="A.1.1")
    assert asked.kind.words()["response", "accepted"].data == {"de": "Übernommen"}
    assert (asked.response, asked.opinion) == ("accepted", "to_clarify")
    references = models.Recommendation.objects.in_order().values_list("reference", flat=True)
    assert list(references) == [
        "OST-D1-A.1.1",
        "OST-D1-A.1.2",
        "OST-D1-A.2",
        "OST-D1-9",
        "OST-D1-10",
        "OST-D1-N1",
    ]
    assert models.Measure.objects.get().implementation == "delivered"
    call_command("check_history", verbosity=0)


def test_its_page_is_read_in_german(loaded):
    asked = models.Recommendation.objects.get(label="A.1.1")
    answer = Client().get(asked.page.url)
    assert answer.status_code == 200
    assert asked.page.url.startswith("/de/")
    html = answer.content.decode()
    assert '<html lang="de"' in html
    assert "Eine Anlaufstelle für pflegende Angehörige" in html
    assert "Übernommen" in html
    assert "Abends nimmt niemand ab." in html


def test_readers_of_french_find_it_too_and_are_told(loaded):
    asked = models.Recommendation.objects.get(label="A.1.1")
    answer = Client().get(f"/fr/r/{asked.reference}", follow=True)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert '<html lang="fr"' in html
    assert 'lang="de"' in html
    assert "Eine Anlaufstelle für pflegende Angehörige" in html


def test_again_it_changes_nothing(loaded):
    changes = models.Change.objects.count()
    call_command("import_data", OSTBELGIEN, verbosity=0)
    assert models.Change.objects.count() == changes
