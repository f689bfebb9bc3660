"""The developers' sheet shows every component, and readers never see it."""

import pytest
from bs4 import BeautifulSoup
from django.utils.translation import override

from assemblies.enums import VALUES, Kind
from portal.env import BASE_DIR

pytestmark = pytest.mark.django_db

#: What the frame of every page shows, or what stands inside of another component only.
ELSEWHERE = {
    "action_facts",
    "breadcrumbs",
    "claim",
    "footer",
    "in_two_languages",
    "masthead",
    "passage_key",
    "report",
    "row_head",
    "signature",
    "target",
    "voice",
}


@pytest.fixture(params=["fr", "nl"])
def sheet(request, client, settings):
    settings.ROOT_URLCONF = "portal.dev_urls"
    response = client.get(f"/_components/{request.param}/")
    assert response.status_code == 200
    page = BeautifulSoup(response.content, "html5lib")
    assert page.html["lang"] == request.param
    return page


def test_every_component_is_on_the_sheet(sheet):
    shown = {
        heading["id"].removeprefix("component-") for heading in sheet.select("h2[id^=component-]")
    }
    there = {path.stem for path in (BASE_DIR / "portal/templates/components").glob("*.html")}
    assert there <= shown | ELSEWHERE
    assert there >= ELSEWHERE


def test_every_state_and_every_kind_of_step_is_on_the_sheet(sheet):
    section = sheet.select_one("[aria-labelledby=component-state]")
    for axis, values in VALUES.items():
        chips = [chip.get_text() for chip in section.select(f".state--{axis}")]
        with override(sheet.html["lang"]):
            labels = [str(label) for label in values.labels]
        assert all(any(label in chip for chip in chips) for label in labels)
    section = sheet.select_one("[aria-labelledby=component-action]")
    assert len(section.select(".action")) >= len(Kind)


def test_readers_never_see_it(client):
    assert client.get("/_components/fr/", follow=True).status_code == 404
