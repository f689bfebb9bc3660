"""What machines ask for first: robots.txt, security.txt, the icon, the sitemap."""

import datetime
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from assemblies.models import Change
from portal import sitemap
from portal.env import Environment
from tests.factories import (
    make_act,
    make_assembly,
    make_body,
    make_cycle,
    make_measure,
    make_recommendation,
    make_standard_page,
    make_topic,
    make_world,
    publish_action,
    withdraw,
)

pytestmark = pytest.mark.django_db
D = datetime.date

SITE = "http://127.0.0.1:8000"
SPACE = {"": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture
def world():
    return make_world()


# -- robots.txt, security.txt, the icon -----------------------------------------------------------


def test_robots_are_led_to_the_sitemap_and_kept_off_combinations(client):
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert "Disallow: /admin/" in lines
    assert "Disallow: /*?*response=" in lines
    assert not [line for line in lines if "after" in line]
    assert lines[-1] == f"Sitemap: {SITE}/sitemap.xml"
    assert "Vary" not in response or "Cookie" not in response["Vary"]


def test_a_security_contact_is_named_where_there_is_one(client, settings):
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.SUITES_SECURITY_CONTACT = "mailto:security@example.org"
    lines = client.get("/.well-known/security.txt").content.decode().splitlines()
    told = dict(line.split(": ", 1) for line in lines)
    assert told["Contact"] == "mailto:security@example.org"
    assert told["Preferred-Languages"] == "fr, nl, en"
    assert told["Canonical"] == f"{SITE}/.well-known/security.txt"
    left = datetime.datetime.fromisoformat(told["Expires"]) - timezone.now()
    assert datetime.timedelta(days=100) < left < datetime.timedelta(days=365)


@pytest.mark.parametrize("value", ["security@example.org", "http://example.org/", "mailto:x"])
def test_a_contact_that_leads_nowhere_is_refused(value, tmp_path):
    from django.core.exceptions import ImproperlyConfigured

    environment = Environment({"SUITES_SECURITY_CONTACT": value}, tmp_path)
    with pytest.raises(ImproperlyConfigured, match="SUITES_SECURITY_CONTACT"):
        environment.contact("SUITES_SECURITY_CONTACT")


def test_the_icon_has_its_old_address_too(client):
    response = client.get("/favicon.ico")
    assert (response.status_code, response["Location"]) == (302, "/static/images/favicon.ico")


# -- the sitemap ----------------------------------------------------------------------------------


def read(client, address: str) -> ElementTree.Element:
    response = client.get(address)
    assert response.status_code == 200, address
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def files(client) -> list[str]:
    found = read(client, "/sitemap.xml").findall("sitemap/loc", SPACE)
    return [each.text.removeprefix(SITE) for each in found]


def listed(client) -> dict[str, tuple[dict[str, str], str]]:
    """Path → its languages, and when it changed last."""
    found = {}
    for name in files(client):
        for url in read(client, name).findall("url", SPACE):
            alternates = {
                link.get("hreflang"): link.get("href").removeprefix(SITE)
                for link in url.findall("x:link", SPACE)
            }
            path = url.findtext("loc", "", SPACE).removeprefix(SITE)
            assert path not in found
            found[path] = (alternates, url.findtext("lastmod", "", SPACE))
    return found


def test_every_page_is_listed_in_every_language_that_it_has(client, world):
    topic = make_topic("eau")
    asked = make_recommendation(world.cycle, label="1", topics=[topic])
    make_recommendation(world.cycle, label="2", dutch=False)
    make_standard_page(world.home)
    measure = make_measure(asked, label="1.1", lead=world.administration)
    act = make_act(asked)
    step = publish_action(asked, value="accepted", on=D(2024, 5, 15))
    found = listed(client)
    french, dutch = "/fr/assemblee-bxl/cycle-1/1/", "/nl/burgerraad-bxl/cyclus-1/1-nl/"
    both = {"fr": french, "nl": dutch, "x-default": french}
    assert found[french][0] == found[dutch][0] == both
    only = "/fr/assemblee-bxl/cycle-1/2/"
    assert found[only][0] == {"fr": only, "x-default": only}
    assert "/nl/burgerraad-bxl/cyclus-1/2/" not in found
    for path in (
        *("/fr/", "/nl/", "/fr/assemblee-bxl/", "/nl/burgerraad-bxl/cyclus-1/"),
        *(measure.url, act.public_url, step.url, f"/nl/tijdlijn/{step.number}/"),
        *("/fr/chronologie/", "/nl/tijdlijn/", "/fr/themes/", "/nl/themas/eau/"),
        *("/fr/organismes/", "/fr/organismes/housing/"),
        *("/fr/donnees/", "/nl/gegevens/"),
    ):
        assert path in found, path
    for path in found:
        page = client.get(path)
        assert page.status_code == 200, path
        content = page.content.decode()
        assert "noindex" not in content, path
        assert f'<link rel="canonical" href="{SITE}{path}">' in content, path


def test_dates_are_those_of_the_change_log(client, world):
    asked = make_recommendation(world.cycle, label="1")
    measure = make_measure(asked, label="1.1")
    step = publish_action(measure, value="delivered", on=D(2025, 1, 1))
    last = Change.objects.get(action=step).moment
    found = listed(client)
    for path in (
        *("/fr/assemblee-bxl/cycle-1/1/", "/fr/assemblee-bxl/", "/fr/assemblee-bxl/cycle-1/"),
        *(measure.url, step.url),
    ):
        changed = datetime.datetime.fromisoformat(found[path][1])
        assert changed == last.replace(microsecond=0), path
    response = client.get("/sitemap.xml")
    again = client.get("/sitemap.xml", HTTP_IF_MODIFIED_SINCE=response["Last-Modified"])
    assert again.status_code == 304


def test_examples_and_what_was_withdrawn_are_left_out(client, world):
    topic = make_topic("eau")
    invented = make_recommendation(world.cycle, label="1", example=True, topics=[topic])
    told = make_recommendation(world.cycle, label="2")
    publish_action(told, value="accepted", example=True, on=D(2024, 5, 15))
    planned = make_recommendation(world.cycle, label="3")
    make_measure(planned, label="3.1", example=True)
    withdraw(make_recommendation(world.cycle, label="4"))
    make_recommendation(world.cycle, label="5", live=False)
    make_measure(invented, label="1.1", example=True)
    make_act(invented, example=True)
    publish_action(invented, kind="meeting", on=D(2024, 7, 1))
    make_body("invente", example=True)
    make_assembly(world.home, code="EX", example=True)
    other = make_cycle(world.assembly_page, code="C2").register
    make_recommendation(other, label="1", example=True)
    found = set(listed(client))
    assert not [path for path in found if path.startswith("/fr/assemblee-bxl/cycle-1/")][1:]
    assert not [path for path in found if "assemblee-ex" in path or "cycle-2" in path]
    assert "/fr/themes/eau/" not in found
    assert "/fr/organismes/invente/" not in found
    assert not [path for path in found if path.startswith(("/fr/mesures/", "/fr/actes/"))]
    for path in found:
        assert "noindex" not in client.get(path).content.decode(), path


def test_many_pages_are_several_files(client, world, monkeypatch):
    monkeypatch.setattr(sitemap, "SIZE", 2)
    for number in range(1, 6):
        make_recommendation(world.cycle, label=str(number))
    named = [name for name in files(client) if "recommendations" in name]
    assert named == [f"/sitemap-recommendations-{number}.xml" for number in (1, 2, 3)]
    paths = [url for name in named for url in read(client, name).findall("url/loc", SPACE)]
    assert len(paths) == 10
    for address in (
        "/sitemap-recommendations-4.xml",
        "/sitemap-recommendations-0.xml",
        "/sitemap-nothing-1.xml",
    ):
        assert client.get(address).status_code == 404
