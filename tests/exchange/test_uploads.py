"""Data from the admin: sent, compared, confirmed, loaded; nothing is written before."""

import io
import zipfile
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assemblies.models import Assembly, Change, Recommendation
from exchange.models import Origin
from exchange.uploads import tasks
from exchange.uploads.models import Standing, Upload
from tests.assemblies.desk import client_of, make_user
from tests.exchange import folders

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

DATABASE_TASKS = {
    "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
    "background": {"BACKEND": "django_tasks_db.DatabaseBackend"},
}


@pytest.fixture
def desk() -> Client:
    return client_of(make_user("admin", superuser=True))


def zipped(folder: Path, **changes: Any) -> SimpleUploadedFile:
    folder.mkdir(exist_ok=True)
    folders.write(folder, folders.small(**changes))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, path.name)
    return SimpleUploadedFile("lge.zip", buffer.getvalue(), content_type="application/zip")


def send(desk: Client, file: SimpleUploadedFile) -> Upload:
    answer = desk.post(reverse("uploads:send"), {"file": file})
    assert answer.status_code == 302, answer.content.decode()
    return Upload.objects.latest("pk")


def press(desk: Client, upload: Upload, button: str) -> Upload:
    desk.post(reverse(f"uploads:{button}", args=[upload.pk]), {"plan": upload.plan_fingerprint})
    upload.refresh_from_db()
    return upload


def text(response: Any) -> str:
    main = BeautifulSoup(response.content, "html.parser").select_one("main") or response
    return " ".join(main.get_text(" ").split())


def test_nothing_is_written_before_it_is_confirmed(desk, tmp_path):
    before = Change.objects.count()
    upload = send(desk, zipped(tmp_path / "a"))
    assert upload.standing == Standing.READY
    assert upload.counts["recommendations"] == {"add": 2}
    assert not Assembly.objects.exists()
    assert not Origin.objects.exists()
    assert Change.objects.count() == before
    shown = text(desk.get(upload.url))
    assert "recommendations.csv" in shown
    assert "Load all of it" in shown

    press(desk, upload, "load")
    assert upload.standing == Standing.LOADED
    assert upload.content is None
    assert upload.loaded_by.username == "admin"
    assert Recommendation.objects.filter(reference="LGE-C1-1.1").exists()
    assert "stands on the site" in text(desk.get(upload.url))


def test_the_same_folder_again_has_nothing_to_load(desk, tmp_path):
    press(desk, send(desk, zipped(tmp_path / "a")), "load")
    again = send(desk, zipped(tmp_path / "b"))
    assert again.standing == Standing.READY
    assert not again.writes
    shown = text(desk.get(again.url))
    assert "there is nothing to load" in shown
    assert "Load all of it" not in shown


def test_a_change_is_shown_before_and_after(desk, tmp_path):
    press(desk, send(desk, zipped(tmp_path / "a")), "load")
    upload = send(desk, zipped(tmp_path / "b", topics={"t": {"name_fr": "Eaux <vives>"}}))
    (difference,) = [each for each in upload.differences if each["step"] == "change"]
    assert difference["changes"] == [["name_fr", "Eau", "Eaux <vives>"]]
    answer = desk.get(upload.url)
    assert "Eaux &lt;vives&gt;" in answer.content.decode()
    press(desk, upload, "load")
    assert upload.standing == Standing.LOADED


def test_mistakes_are_told_all_at_once_in_the_language_of_the_sender(tmp_path):
    french = client_of(make_user("admin", superuser=True, language="fr"))
    wrong = {"groups": {"g1": {"cycle": "nowhere"}}, "topics": {"t": {"slug": "a b"}}}
    upload = send(french, zipped(tmp_path / "a", **wrong))
    assert upload.standing == Standing.REFUSED
    assert upload.problems_count >= 2
    shown = text(french.get(upload.url))
    assert "groups.csv" in shown
    assert "topics.csv" in shown
    assert "Rien n’a été chargé" in shown
    assert not Assembly.objects.exists()
    assert press(french, upload, "load").standing == Standing.REFUSED
    assert press(french, upload, "drop").standing == Standing.DROPPED
    assert upload.content is None


def test_what_changed_since_is_compared_again(desk, tmp_path):
    first = send(desk, zipped(tmp_path / "a"))
    second = send(desk, zipped(tmp_path / "b"))
    press(desk, first, "load")
    press(desk, second, "load")
    assert second.standing == Standing.READY
    assert second.compared_again
    assert not second.writes


def test_only_what_was_seen_is_confirmed(desk, tmp_path):
    """Somebody else's click has it compared again; one's own page still shows the plan before."""
    upload = send(desk, zipped(tmp_path / "a"))
    assert upload.plan_fingerprint in desk.get(upload.url).content.decode()
    for stale in ("", "0" * 64, "x" * 5_000):
        desk.post(reverse("uploads:load", args=[upload.pk]), {"plan": stale})
        upload.refresh_from_db()
        assert upload.standing == Standing.READY
    assert not Assembly.objects.exists()
    assert press(desk, upload, "load").standing == Standing.LOADED


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.zip", b"not a zip"), ("a.csv", b"key,name\n"), ("a.zip", b"")],
)
def test_what_is_no_archive_is_refused_in_the_form(desk, name, content):
    file = SimpleUploadedFile(name, content)
    answer = desk.post(reverse("uploads:send"), {"file": file})
    assert answer.status_code == 422
    assert not Upload.objects.exists()


def test_a_large_file_is_refused_in_the_form(desk, monkeypatch):
    monkeypatch.setattr("exchange.uploads.forms.LARGEST", 10)
    answer = desk.post(reverse("uploads:send"), {"file": SimpleUploadedFile("a.zip", b"P" * 11)})
    assert answer.status_code == 422
    assert "larger than" in text(answer)


def test_a_damaged_archive_is_refused(desk):
    upload = send(desk, SimpleUploadedFile("a.zip", b"PK\x03\x04" + b"\0" * 60))
    assert upload.standing == Standing.REFUSED
    assert upload.problems_count == 1


@pytest.mark.parametrize("view", ["index", "send"])
def test_only_whoever_may_load_data_comes_here(view):
    user = make_user("editor")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    assert client_of(user).get(reverse(f"uploads:{view}")).status_code == 302
    user.user_permissions.add(Permission.objects.get(codename="add_upload"))
    assert client_of(user).get(reverse(f"uploads:{view}")).status_code == 200
    assert Client().get(reverse(f"uploads:{view}")).status_code == 302


def test_a_worker_that_died_is_noticed_and_replaced(desk, tmp_path, monkeypatch):
    upload = send(desk, zipped(tmp_path / "a"))
    Upload.objects.filter(pk=upload.pk).update(standing=Standing.LOADING)
    assert press(desk, upload, "again").standing == Standing.LOADING
    assert press(desk, upload, "drop").standing == Standing.LOADING
    monkeypatch.setattr(tasks, "SILENCE", -1)
    assert "no sign of life" in text(desk.get(upload.url))
    assert press(desk, upload, "again").standing == Standing.READY


def test_a_failure_of_ours_is_said_and_nothing_is_lost(desk, tmp_path, monkeypatch):
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(tasks.writer, "write", fail)
    upload = send(desk, zipped(tmp_path / "a"))
    assert upload.standing == Standing.FAILED
    assert "the program failed" in text(desk.get(upload.url))
    monkeypatch.undo()
    assert press(desk, upload, "again").standing == Standing.READY


def test_the_list_costs_the_same_with_one_and_with_three(desk, tmp_path):
    counts = []
    for number, more in enumerate((1, 2)):
        for each in range(more):
            send(desk, zipped(tmp_path / f"{number}{each}"))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert desk.get(reverse("uploads:index")).status_code == 200
        counts.append(len(queries))
    assert counts == [8, 8]


@pytest.mark.django_db(transaction=True)
def test_a_worker_compares_and_loads(desk, tmp_path, settings):
    settings.TASKS = DATABASE_TASKS
    upload = send(desk, zipped(tmp_path / "a"))
    assert upload.standing == Standing.COMPARING
    assert 'http-equiv="refresh"' in desk.get(upload.url).content.decode()
    work()
    upload.refresh_from_db()
    assert upload.standing == Standing.READY
    press(desk, upload, "load")
    assert upload.standing == Standing.LOADING
    work()
    upload.refresh_from_db()
    assert upload.standing == Standing.LOADED
    assert Recommendation.objects.filter(reference="LGE-C1-1.1").exists()


@pytest.mark.parametrize(
    ("values", "allowed"),
    [
        ({}, True),
        ({"standing": "unheard-of"}, False),  # upload_standing_known
        ({"content": None}, False),  # upload_kept_until_loaded
        ({"content": None, "standing": Standing.LOADED}, True),
        ({"content": None, "standing": Standing.DROPPED}, True),
    ],
)
def test_what_the_database_holds(values, allowed):
    given = {"file_name": "a.zip", "size": 1, "content": b"x", "language": "fr", **values}
    if allowed:
        assert Upload.objects.create(**given).pk
        return
    with pytest.raises(IntegrityError), transaction.atomic():
        Upload.objects.create(**given)


def work() -> None:
    """A worker that ends when there is nothing left to do."""
    options = ("--backend=background", "--batch", "--interval=0", "--no-startup-delay")
    # It would close the connection of a test, whose transaction looks like one that was left open.
    with mock.patch("django_tasks_db.management.commands.db_worker.close_old_connections"):
        call_command("db_worker", *options, "--no-reload")
