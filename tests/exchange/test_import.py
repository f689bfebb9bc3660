"""An import again: what is new is added, what may change changes, the rest is refused or left."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from wagtail.models import Page, Revision

from assemblies import models
from exchange import reader, writer
from exchange.models import Origin
from exchange.plan import Step
from exchange.problems import ImportRefused
from tests.exchange import folders, ways

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def folder(tmp_path):
    """The rich folder, loaded."""
    folders.write(tmp_path, ways.rich())
    ways.load(tmp_path, in_bulk=True)
    return tmp_path


def again(folder, rows) -> writer.Outcome:
    for path in folder.glob("*.csv"):
        path.unlink()
    folders.write(folder, rows)
    package = reader.read(folder, folders.LANGUAGES)
    assert [str(problem) for problem in package.problems] == []
    with translation.override("en"):
        return writer.write(package, "test")


def changed(**changes):
    rows = ways.rich()
    for table, by_key in changes.items():
        found = {row["key"]: row for row in rows[table]}
        for key, change in by_key.items():
            if change is None:
                rows[table].remove(found[key])
            elif key in found:
                found[key].update(change)
            else:
                rows[table].append({"key": key, **change})
    return rows


def test_import_twice_changes_nothing_the_second_time(folder):
    before = ways.everything()
    package = reader.read(folder, folders.LANGUAGES)
    with CaptureQueriesContext(connection) as captured:
        outcome = writer.write(package, "test")
    assert {each.step for each in outcome.plan} == {Step.UNCHANGED}
    assert ways.everything() == before
    reading = ("SELECT", "DECLARE")  # PostgreSQL reads long answers through a cursor
    written = [query["sql"] for query in captured if not query["sql"].startswith(reading)]
    assert written == []


def test_a_changed_list_row_is_changed(folder):
    outcome = again(
        folder,
        changed(
            topics={"t": {"name_fr": "Les eaux", "name_nl": "Water"}},
            groups={"g2": {"title_fr": "But", "sort_order": 3}},
            kind_words={"w": {"word_fr": "Gardé"}},
        ),
    )
    assert [each.key for each in outcome.plan if each.step == Step.CHANGE] == ["t", "w", "g2"]
    assert models.Topic.objects.get().name.data == {"fr": "Les eaux", "nl": "Water"}
    assert models.KindWord.objects.get().word.data == {"fr": "Gardé"}
    asked = models.Recommendation.objects.get(label="1.1")
    assert asked.position == asked.own_position()
    assert models.Change.objects.order_by("number").last().listed.startswith("group:")


def test_the_pages_of_a_changed_row_get_a_revision_each(folder):
    revisions = Revision.objects.count()
    again(
        folder,
        changed(
            recommendations={
                "x": {"title_fr": "De l’eau potable", "topics": ""},
                "x3": {"summary_nl": "Korter."},
            },
            cycles={"y": {"introduction_fr": "<p>Bonjour.</p>"}},
            assemblies={"a": {"lead_nl": "Eén zin."}},
        ),
    )
    french = models.RecommendationPage.objects.get(title="De l’eau potable")
    assert french.live
    asked = models.Recommendation.objects.get(label="1.1")
    assert list(asked.topics.all()) == []
    assert models.RecommendationPage.objects.get(summary="Korter.").locale.language_code == "nl"
    # Two pages of x (its topics hold in both), one of x3, one of the cycle, one of the assembly.
    assert Revision.objects.count() == revisions + 5
    call_command("check_history", verbosity=0)


def test_a_language_is_added_to_pages_and_facts(folder):
    outcome = again(
        folder,
        changed(
            recommendations={"x2": {"title_nl": "Schaduw", "verbatim_nl": "<p>Schaduw.</p>"}},
            actions={"a2": {"title_nl": "De fontein stroomt"}},
            sources={
                "s3": {
                    "action": "a2",
                    "position": 1,
                    "language": "nl",
                    "title": "Foto",
                    "official": "false",
                }
            },
        ),
    )
    assert outcome.plan.counts("sources")[Step.ADD] == 1
    shade = models.Recommendation.objects.get(reference="LGE-C1-N1")
    dutch = shade.page.get_translations().get()
    assert (dutch.title, dutch.live) == ("Schaduw", True)
    action = models.Action.objects.get(happened_first="2024-05-01")
    assert action.title.data == {"fr": "La fontaine coule", "nl": "De fontein stroomt"}
    assert [source.language for source in action.sources.all()] == ["fr", "nl"]
    assert Origin.objects.get(table="sources", key="s3").row == action.sources.all()[1].pk
    call_command("check_history", verbosity=0)
    before = ways.everything()
    again(
        folder,
        changed(
            recommendations={"x2": {"title_nl": "Schaduw", "verbatim_nl": "<p>Schaduw.</p>"}},
            actions={"a2": {"title_nl": "De fontein stroomt"}},
            sources={
                "s3": {
                    "action": "a2",
                    "position": 1,
                    "language": "nl",
                    "title": "Foto",
                    "official": "false",
                }
            },
        ),
    )
    assert ways.everything() == before


def test_what_was_published_is_refused_all_of_it_at_once(folder):
    before = ways.everything()
    with pytest.raises(ImportRefused) as caught:
        again(
            folder,
            changed(
                topics={"t": {"name_fr": "Les eaux"}},
                actions={
                    "a1": {"title_fr": "Peut-être"},
                    "new": {
                        "assembly": "a",
                        "kind": "response",
                        "happened_first": "2024-08-01",
                        "happened_last": "2024-08-01",
                        "body": "g",
                        "axis": "response",
                        "value": "rejected",
                        "example": "true",
                        "title_fr": "Non",
                    },
                },
                targets={
                    "t7": {"action": "new", "recommendation": "x"},
                    "t8": {"action": "a2", "recommendation": "x"},
                },
                recommendations={"x": {"verbatim_fr": "<p>Rien.</p>"}},
                acts={"v": {"result": "not_adopted"}},
                sources={"s2": {"title": "Autre"}},
            ),
        )
    found = {(each.file, each.column) for each in caught.value.problems}
    assert found == {
        ("recommendations.csv", "verbatim"),
        ("acts.csv", "result"),
        ("actions.csv", "title"),
        ("actions.csv", "reason_text"),
        ("actions.csv", "reason"),
        ("targets.csv", "action"),
        ("sources.csv", "title"),
    }
    assert ways.everything() == before


def test_a_source_in_a_language_that_is_there_is_refused(folder):
    source = {
        "action": "a2",
        "position": 1,
        "language": "fr",
        "title": "Autre",
        "official": "false",
    }
    with pytest.raises(ImportRefused) as caught:
        again(folder, changed(sources={"s3": source}))
    assert [problem.file for problem in caught.value.problems] == ["sources.csv"]


def test_new_facts_on_what_the_site_has(folder):
    """Numbers, labels and references go on where they stood."""
    rows = changed(
        recommendations={
            "x5": {
                "cycle": "y",
                "kind": "k",
                "group": "g1",
                "language": "fr",
                "example": "true",
                "title_fr": "De l’ombre",
                "verbatim_fr": "<p>De l’ombre, cinq.</p>",
            }
        },
        measures={
            "m4": {
                "cycle": "y",
                "title_fr": "Tailler",
                "announced_on": "2024-08-01",
                "announced_by": "g",
                "example": "true",
            }
        },
        measure_serves={"s5": {"measure": "m4", "recommendation": "x5"}},
        actions={
            "a6": {
                "assembly": "a",
                "kind": "progress",
                "happened_first": "2024-08-01",
                "happened_last": "2024-08-01",
                "body": "g",
                "axis": "implementation",
                "value": "under_way",
                "example": "true",
                "title_fr": "On plante",
            }
        },
        targets={"t6": {"action": "a6", "measure": "m2"}},
    )
    outcome = again(folder, rows)
    assert {each.key for each in outcome.plan if each.step == Step.ADD} == {
        *("x5", "m4", "s5", "a6", "t6"),
    }
    assert models.Recommendation.objects.get(page__verbatim__contains="cinq").reference == (
        "LGE-C1-N3"
    )
    assert models.Measure.objects.get(title__contains="Tailler").reference == "LGE-C1-M3"
    assert models.Measure.objects.get(title__contains="Planter").implementation == "under_way"
    call_command("check_history", verbosity=0)
    call_command("rebuild_state", "--check", verbosity=0)
    assert list(Page.find_problems()) == [[], [], [], [], []]


def test_a_row_that_is_missing_is_left_and_listed(folder, capsys):
    for name in ("announced_counts", "targets", "sources", "measure_serves"):
        assert (folder / f"{name}.csv").exists()
    rows = changed(announced_counts={"n": None}, topics={"t": {"name_nl": "Water"}})
    folders.write(folder, rows)
    call_command("import_data", folder, language="en")
    said = capsys.readouterr().out
    assert "announced_counts: 1 no longer in the folder, left as they are" in said
    assert "- n" in said
    assert models.AnnouncedCount.objects.live().count() == 1


def test_packages_of_two_cities_share_topics_and_bodies(folder, tmp_path_factory):
    other = folders.small(
        assemblies={"a": {"code": "NAM", "slug_fr": "namur", "slug_nl": "namen"}},
        topics={"t": {"name_fr": "Le thème de Namur"}},
        bodies={
            "g": {"slug": "nam-gov"},
            "c": {"slug": "nam-com"},
            "z": {"slug": "nam-zoo"},
            "s": {"slug": "partagee", "name_fr": "À tous", "kind": "private", "example": "true"},
        },
    )
    path = folders.write(tmp_path_factory.mktemp("namur"), other)
    outcome = ways.load(path, in_bulk=True, name="namur")
    assert outcome.plan.counts("topics") == {Step.ADD: 1}
    topic = models.Topic.objects.get(slug="eau")
    assert topic.name.data != {"fr": "Le thème de Namur"}
    owned = Origin.objects.filter(table="topics").values_list("package", "owns")
    assert set(owned) == {("test", True), ("namur", False)}
    assert not Origin.objects.get(package="namur", table="regimes").owns
    before = ways.everything()
    assert not ways.load(path, in_bulk=True, name="namur").plan.writes
    assert ways.everything() == before


def test_a_preset_that_serves_nobody_becomes_the_packages(tmp_path):
    regime = models.Regime.objects.create(code="lge", name={"fr": "D’origine"})
    path = folders.write(tmp_path, folders.small())
    code = folders.small()["regimes"][0]["code"]
    models.Regime.objects.filter(pk=regime.pk).update(code=code)
    ways.load(path, in_bulk=True)
    regime.refresh_from_db()
    assert regime.name.data != {"fr": "D’origine"}
    assert Origin.objects.get(table="regimes").row == regime.pk
    assert Origin.objects.get(table="regimes").owns


def test_a_dry_run_says_every_row_and_writes_nothing(tmp_path, capsys):
    folders.write(tmp_path, folders.small())
    before = ways.everything()
    call_command("import_data", tmp_path, dry_run=True, language="en")
    said = capsys.readouterr().out
    assert "actions: 3 added" in said
    assert "+ a1 (row 4)" in said
    assert "Nothing was written" in said
    assert "locked" not in said
    assert ways.everything() == before


def test_a_dry_run_says_what_would_be_refused(folder, capsys):
    folders.write(folder, changed(actions={"a1": {"title_fr": "Peut-être"}}))
    with pytest.raises(CommandError, match="1 problems"):
        call_command("import_data", folder, dry_run=True, language="en")
    captured = capsys.readouterr()
    assert "actions: 4 unchanged, 1 refused" in captured.out
    assert "! a1 (row 4): title – This is published" in captured.out
    assert "actions.csv, row 4, column “title”" in captured.err


def test_a_refusal_is_in_the_users_language(folder):
    rows = changed(actions={"a1": {"title_fr": "Peut-être"}})
    folders.write(folder, rows)
    with translation.override("fr"), pytest.raises(ImportRefused) as caught:
        writer.write(reader.read(folder, folders.LANGUAGES), "test")
    assert "rectificatif" in str(caught.value)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="Only SQLite has one lock for all.")
def test_on_sqlite_it_says_how_long_it_held_the_lock(tmp_path, capsys):
    folders.write(tmp_path, folders.small())
    call_command("import_data", tmp_path, language="en")
    assert "The database was locked for other writers for" in capsys.readouterr().out


def test_progress_is_said_on_long_loads(tmp_path, monkeypatch):
    monkeypatch.setattr("exchange.progress.PAUSE", 0.0)
    folders.write(tmp_path, folders.small())
    lines: list[str] = []
    with translation.override("en"):
        package = reader.read(tmp_path, folders.LANGUAGES)
        writer.write(package, "test", report=lines.append)
    assert "… recommendations: 2 of 2" in lines
    assert any(line.startswith("… facts: ") for line in lines)


KILLED = """
import os, sys
import django
django.setup()
from django.core.management import call_command
from django.db.models.signals import post_init
from exchange.bulk import indexes

def stop(*args, **kwargs):
    print("half way", flush=True)
    sys.stdin.readline()

indexes.search = stop
call_command("import_data", sys.argv[1], verbosity=0)
"""


def test_a_kill_half_way_leaves_nothing_half_loaded(tmp_path):
    """The real command in a process of its own, killed when all rows are written but the last."""
    database = tmp_path / "db.sqlite3"
    folder = tmp_path / "folder"
    folder.mkdir()
    folders.write(folder, ways.rich())
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{database}",
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
    }
    root = Path(__file__).resolve().parents[2]

    def manage(*arguments):
        subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=root,
            env=environment,
            check=True,
            capture_output=True,
        )

    def counts():
        with sqlite3.connect(database) as opened:
            tables = [
                name
                for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type='table'")
                if "_fts" not in name
            ]
            return {
                name: opened.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]
                for name in tables
            }

    manage("migrate", "--verbosity=0")
    manage("setup_site", "--verbosity=0")
    before = counts()
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(folder)],
        cwd=root,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdin
    assert process.stdout.readline().strip() == "half way"
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=30)
    process.stdout.close()
    process.stdin.close()
    time.sleep(0.1)
    assert counts() == before
    manage("import_data", str(folder), "--verbosity=0")
    after = counts()
    assert after["assemblies_recommendation"] == 4
    assert after["exchange_origin"] == sum(len(rows) for rows in ways.rich().values())
    manage("check_history", "--verbosity=0")
