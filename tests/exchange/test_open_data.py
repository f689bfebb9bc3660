"""Open data: the nightly file, its parts, and the page that leads to them."""

import csv
import io
import json
import zipfile
from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from assemblies.models import Action, Cycle, Topic
from exchange import open_data, tables
from exchange.export import Scope, content, csv_lines
from tests.exchange import folders

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]

ZIP = "/data/suites.zip"


@pytest.fixture
def loaded(site, tmp_path, settings):
    (tmp_path / "given").mkdir()
    settings.SUITES_OPEN_DATA_ROOT = tmp_path / "open"
    call_command("import_data", folders.write(tmp_path / "given", folders.small()), verbosity=0)


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def page_address(language: str) -> str:
    with override(language):
        return reverse("exchange:open_data")


def table(response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(response).decode("utf-8-sig"), newline="")))


# -- the nightly file ------------------------------------------------------------------------------


def test_before_the_first_night_the_address_says_so_and_does_nothing(client):
    response = client.get(ZIP, headers={"accept-language": "en"})
    assert response.status_code == 503
    assert response["Retry-After"] == "3600"
    assert response["Content-Type"].startswith("text/plain")
    assert response.content.strip()
    assert not open_data.path().exists()


def test_the_file_is_served_and_told_to_be_known(client):
    assert open_data.publish()
    response = client.get(ZIP)
    assert response["Content-Type"] == "application/zip"
    whole = body(response)
    assert int(response["Content-Length"]) == len(whole)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert "datapackage.json" in archive.namelist()
    again = client.get(ZIP, headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304
    assert again["ETag"] == response["ETag"]
    since = client.get(ZIP, headers={"if-modified-since": response["Last-Modified"]})
    assert since.status_code == 304
    assert body(client.get(ZIP, headers={"if-none-match": '"other"'})) == whole


def test_a_night_without_news_leaves_the_file_alone():
    assert open_data.publish()
    before = open_data.published()
    assert not open_data.publish()
    assert open_data.published() == before
    Topic.objects.create(slug="air", name={"fr": "Air"})
    assert open_data.publish()
    assert open_data.published() != before


def test_a_night_that_breaks_off_leaves_the_file_before_it(monkeypatch):
    open_data.publish()
    before = open_data.path().read_bytes()

    def broken(scope, keys):
        raise RuntimeError("power cut")

    Topic.objects.create(slug="air", name={"fr": "Air"})
    monkeypatch.setitem(content.CONTENT, "sources", broken)
    with pytest.raises(RuntimeError):
        open_data.publish()
    assert open_data.path().read_bytes() == before
    assert [path.name for path in open_data.path().parent.iterdir()] == ["suites.zip"]


def test_the_words_of_a_withdrawn_recommendation_are_left_out_and_the_fact_is_not(client):
    open_data.publish()
    with zipfile.ZipFile(open_data.path()) as archive:
        text = archive.read("recommendations.csv").decode("utf-8-sig")
        gone = archive.read("withdrawals.csv").decode("utf-8-sig")
    assert "De l’eau" in text
    assert "ombre" not in text
    assert "Saisie deux fois." in gone


# -- parts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("reference", ["LGE", "LGE-C1"])
@pytest.mark.parametrize("name", tables.NAMES)
def test_each_table_of_each_part_is_a_file(client, reference, name):
    response = client.get(f"/data/{reference}/{name}.csv")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/csv")
    assert f"/data/schemas/{name}.json" in response["Link"]
    headers = [each.header for each in tables.table(name, ("fr", "nl")).columns]
    first = body(response).decode("utf-8-sig").splitlines()[0]
    assert first == ",".join(headers)


def test_json_says_the_same_with_its_licence_and_schemas(client):
    package = json.loads(body(client.get("/data/LGE-C1.json")))
    assert package["licenses"][0]["path"] == "https://creativecommons.org/licenses/by/4.0/"
    found = {each["name"]: each for each in package["resources"]}
    assert list(found) == list(tables.NAMES)
    (first, *_others) = found["recommendations"]["data"]
    assert first["topics"] == ["t"]
    assert first["example"] is True
    assert first["summary_fr"] is None
    path = found["actions"]["schema"].split("//", 1)[1].split("/", 1)[1]
    schema = client.get(f"/{path}").json()
    assert [each["name"] for each in schema["fields"]] == list(found["actions"]["data"][0])
    for name, resource in found.items():
        rows = table(client.get(f"/data/LGE-C1/{name}.csv"))
        assert [row["key"] for row in rows] == [row["key"] for row in resource["data"]]


def test_a_part_is_known_until_something_is_published(client):
    address = "/data/LGE-C1/actions.csv"
    etag = client.get(address)["ETag"]
    assert client.get(address, headers={"if-none-match": etag}).status_code == 304
    Topic.objects.create(slug="air", name={"fr": "Air"})
    assert client.get(address, headers={"if-none-match": etag}).status_code == 200


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/data/NO.json", 404),
        ("/data/LGE/nothing.csv", 404),
        ("/data/LGE-C9/actions.csv", 404),
        ("/data/schemas/nothing.json", 404),
        ("/data/LGE/../actions.csv", 404),
        ("/data/%F0%9F%98%80.json", 404),
        ("/data/LGE%00.json", 400),
        ("/data/LGE.json?q=%00", 400),
        (f"/data/{'A' * 3000}.json", 404),
    ],
)
def test_wrong_addresses_are_told_so(client, address, status):
    assert client.get(address).status_code == status
    assert client.get(address, headers={"if-none-match": "*"}).status_code == status


@pytest.mark.parametrize("address", [ZIP, "/data/LGE.json", "/data/LGE/actions.csv", "page"])
def test_only_reading(client, address):
    if address == "page":
        address = page_address("fr")
    for method in ("post", "put", "delete", "patch"):
        assert getattr(client, method)(address).status_code == 405


def test_small_letters_lead_to_the_address(client):
    response = client.get("/data/lge-c1/actions.csv")
    assert (response.status_code, response["Location"]) == (301, "/data/LGE-C1/actions.csv")


# -- streamed --------------------------------------------------------------------------------------


def more_actions(number: int) -> None:
    cycle = Cycle.objects.get()
    body = cycle.assembly.committee
    for place in range(number):
        Action(
            assembly=cycle.assembly,
            cycle=cycle,
            kind="meeting",
            happened_first=date(2025, 1, 1),
            happened_last=date(2025, 1, 1),
            body=body,
            title={"fr": f"Réunion {place}"},
            live=True,
        ).save()


def test_rows_are_read_a_piece_at_a_time_with_as_many_queries_for_few_as_for_many(
    client, monkeypatch
):
    def asked(address: str) -> tuple[int, int]:
        client.get("/data/schemas/topics.json")
        with CaptureQueriesContext(connection) as captured:
            rows = len(table(client.get(address)))
        return rows, len(captured)

    more_actions(1)
    few = asked("/data/LGE/actions.csv")
    more_actions(60)
    assert asked("/data/LGE/actions.csv") == (few[0] + 60, few[1])
    assert few[1] == 27

    monkeypatch.setattr(content, "BATCH", 10)
    fetched: list[int] = []
    fields = content._field
    monkeypatch.setattr(
        content, "_field", lambda thing, column: fetched.append(thing.pk) or fields(thing, column)
    )
    lines = csv_lines(Scope(), "actions", ("fr",))
    next(lines)
    assert not fetched
    next(lines)
    assert len(set(fetched)) == 10


# -- the page --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_page_leads_to_every_file(client, language, django_assert_num_queries):
    address = page_address(language)
    assert address.startswith(f"/{language}/")
    client.get(address)
    with django_assert_num_queries(1):
        page = BeautifulSoup(client.get(address).content, "html5lib")
    links = {link["href"] for link in page.select("main a[href^='/data/']")}
    assert ZIP not in links
    assert {"/data/LGE.json", "/data/LGE-C1/recommendations.csv"} <= links
    assert {f"/data/schemas/{name}.json" for name in tables.NAMES} <= links
    open_data.publish()
    page = BeautifulSoup(client.get(address).content, "html5lib")
    links = {link["href"] for link in page.select("main a[href^='/data/']")}
    assert ZIP in links
    for link in links:
        assert body(client.get(link)), link
    assert page.select_one("a[rel=license]")["href"].startswith("https://creativecommons.org/")
    assert page.select(f"footer a[href='{address}']")
    other = {"fr": "nl", "nl": "fr"}[language]
    assert page.select(f"link[hreflang={other}]")
