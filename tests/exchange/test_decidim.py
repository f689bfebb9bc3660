"""A file of Decidim's accountability comes in, and its percentages set no state."""

import csv
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from assemblies.models import Action, Measure, Recommendation, StateSpan

pytestmark = pytest.mark.django_db

FILE = Path(__file__).parent / "data" / "decidim.csv"
GIVEN = {
    "system": "decidim",
    "assembly": "lge",
    "title": "Assemblée de Liège",
    "body": "Ville de Liège",
    "stated_on": date(2026, 10, 1),
    "source_url": "https://participer.example.org/",
    "language": "en",
    "verbosity": 0,
}


def converted(source: Path, folder: Path, **more) -> Path:
    call_command("convert_data", source, folder, **{**GIVEN, **more})
    return folder


def table(folder: Path, name: str) -> dict[str, dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["key"]: row for row in csv.DictReader(file)}


def test_a_long_title_stays_whole(tmp_path):
    title = " ".join(["Rendre les berges de la Meuse aux promeneurs"] * 12)
    proposals = tmp_path / "proposals.csv"
    proposals.write_text(f"id;title/fr;body/fr\n3;{title};<p>Nous voulons marcher.</p>\n", "utf-8")
    folder = converted(FILE, tmp_path / "out", proposals=proposals)
    assert len(title) > 500
    assert table(folder, "recommendations")["proposal-3"]["title_fr"] == title


def test_results_serve_the_proposals_they_name_or_those_of_the_result_above(tmp_path):
    folder = converted(FILE, tmp_path / "out")
    serves = {
        (row["measure"], row["recommendation"]) for row in table(folder, "measure_serves").values()
    }
    assert serves == {
        ("measure-12", "proposal-3"),
        ("measure-12", "proposal-17"),
        ("measure-13", "proposal-3"),
        ("measure-13", "proposal-17"),
        ("measure-14", "proposal-17"),
        ("measure-21", "result-20"),
    }
    asked = table(folder, "recommendations")
    assert asked["proposal-3"]["verbatim_fr"].startswith("<p>[")  # not given, and said so
    assert "Le budget est voté chaque année." in asked["result-20"]["verbatim_fr"]


def test_status_and_percentage_are_the_platforms_own_words_and_no_state(tmp_path, site):
    call_command("import_data", converted(FILE, tmp_path / "out"), verbosity=0)
    step = Action.objects.get(targets__measure__reference="LGE-C1-12", kind="progress")
    assert "En cours" in step.text.data["fr"]
    assert "60\u00a0%" in step.text.data["fr"]
    assert (step.axis, step.value) == ("", "")
    assert step.sources.get().url == GIVEN["source_url"]
    assert not StateSpan.objects.filter(axis__in=["response", "implementation", "opinion"]).exists()
    measure = Measure.objects.get(reference="LGE-C1-12")
    assert measure.first_deadline == date(2025, 12, 31)
    assert measure.text.data["fr"] == "Quatre fontaines par an.\n\n- Nord\n- Sud"
    assert not Recommendation.objects.exclude(response="awaiting").exists()


def test_proposals_bring_their_own_texts(tmp_path):
    proposals = tmp_path / "proposals.csv"
    proposals.write_text(
        "id;title/fr;body/fr\n3;De l’eau;<p>Nous voulons boire.</p>\n17;De l’ombre;Des arbres.\n",
        encoding="utf-8",
    )
    asked = table(converted(FILE, tmp_path / "out", proposals=proposals), "recommendations")
    assert asked["proposal-3"]["title_fr"] == "De l’eau"
    assert asked["proposal-3"]["verbatim_fr"] == "<p>Nous voulons boire.</p>"
    assert asked["proposal-17"]["verbatim_fr"] == "<p>Des arbres.</p>"


def test_headers_of_newer_versions_are_read_too(tmp_path):
    source = tmp_path / "new.csv"
    source.write_text(
        "id;parent/id;title/fr;progress;start_date;proposal_urls\n"
        "7;;Un titre;5;2024-03-01;https://x.example.org/proposals/31;\n"
        "8;7;Un autre;;;\n",
        encoding="utf-8-sig",
    )
    folder = converted(source, tmp_path / "out")
    assert set(table(folder, "recommendations")) == {"proposal-31"}
    assert table(folder, "actions")["statement-7"]["text_fr"].count("01/03/2024") == 1


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("01/03/2024", "31/02/2024", "row 2, column “start_date”, “31/02/2024”: Not a day"),
        ("13,,,12,", "13,,,99,", "row 3, column “parent_id”, “99”: There is no such result."),
        ("14,,,12,", "13,,,12,", "row 4, column “result_id”, “13”: Row 3 has this key already."),
        ("Une étude des berges", "", "row 6, column “title_…”: Give it in at least one language."),
        ("20,,,,", "20,,,21,", "row 5, column “parent_id”, “21”: It is within itself."),
    ],
)
def test_what_is_wrong_is_told_by_row_and_column(tmp_path, capsys, before, after, message):
    source = tmp_path / "wrong.csv"
    source.write_text(FILE.read_text(encoding="utf-8").replace(before, after, 1), encoding="utf-8")
    with pytest.raises(CommandError):
        converted(source, tmp_path / "out")
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
