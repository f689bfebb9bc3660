"""Canada's action plans come in: two levels and a deadline in words."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from assemblies.models import Cycle, Measure, Recommendation
from exchange.converters.canada import day_of
from tests.exchange.test_decidim import table

pytestmark = pytest.mark.django_db

FILE = Path(__file__).parent / "data" / "canada.csv"
GIVEN = {
    "system": "canada",
    "assembly": "CAN",
    "title": "Gouvernement ouvert",
    "body": "Gouvernement du Canada",
    "stated_on": date(2026, 10, 1),
    "language": "en",
    "verbosity": 0,
}


def test_plans_commitments_milestones_and_indicators_find_their_places(tmp_path, site):
    call_command("convert_data", FILE, tmp_path / "out", **GIVEN)
    call_command("import_data", tmp_path / "out", verbosity=0)
    assert set(Cycle.objects.values_list("reference", flat=True)) == {"CAN-P5", "CAN-P6"}
    milestone = Recommendation.objects.get(reference="CAN-P5-C01.1")
    assert milestone.group.label == "C01"
    assert milestone.page.verbatim.startswith("<p>Grâce à la Plateforme de science")
    assert len(milestone.title) <= 255
    indicator = Measure.objects.get(reference="CAN-P5-C01.2.1")
    assert indicator.serves.get().recommendation.reference == "CAN-P5-C01.2"
    assert indicator.first_deadline_words.data == {"fr": "D'ici juin 2024"}
    assert indicator.first_deadline == date(2024, 6, 30)
    assert indicator.lead.slug == "can-statcan"
    assert Measure.objects.get(reference="CAN-P5-C01.1.1").first_deadline is None
    shared = Measure.objects.get(reference="CAN-P6-C01.5.1")
    assert shared.first_lead.slug == "can-pwgsc-tpsgc"
    assert [body.slug for body in shared.contributors.all()] == ["can-hc-sc"]


@override_settings(LANGUAGES=[("fr", "Français"), ("en", "English")])
def test_both_languages_come_where_the_site_has_both(tmp_path):
    call_command("convert_data", FILE, tmp_path / "out", **GIVEN)
    row = table(tmp_path / "out", "measures")["CAN-P5-C01.2.1"]
    assert row["first_deadline_words_en"] == "By June 2024"
    assert row["first_deadline_words_fr"] == "D'ici juin 2024"
    assert row["first_deadline"] == "2024-06-30"


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("D'ici mars 2023", date(2023, 3, 31)),
        ("D’ici février 2024", date(2024, 2, 29)),
        ("Mars 2029", date(2029, 3, 31)),
        ("By end of 2029", date(2029, 12, 31)),
        ("By the end of 2028", date(2028, 12, 31)),
        ("D'ici l'automne 2028", None),
        ("By 2024", None),
        ("En cours", None),
        ("D'ici février 2022 et février 2023", None),
        ("De 2025 à 2028", None),
    ],
)
def test_a_deadline_is_a_day_only_where_the_words_leave_no_doubt(words, day):
    assert day_of(words) == day


def test_an_indicator_without_its_milestone_is_refused(tmp_path, capsys):
    source = tmp_path / "wrong.csv"
    text = FILE.read_text(encoding="utf-8")
    source.write_text(text.replace("indicators,C01.2.1,C01.2,", "indicators,C01.2.1,C09.9,", 1))
    with pytest.raises(CommandError):
        call_command("convert_data", source, tmp_path / "out", **GIVEN)
    assert "column “parent”, “C09.9”: There is no such row." in capsys.readouterr().err
