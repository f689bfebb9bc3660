"""The languages of a site are settings: a third one, English, and a host name for each."""

import polib
import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.urls import URLResolver, clear_url_caches, get_resolver

from assemblies import directory
from portal import checks
from portal.catalogues import extract
from portal.env import BASE_DIR
from portal.management.commands.catalogues import own_apps
from tests.factories import make_recommendation, make_topic, make_world, publish_action
from tests.readers import Reading, read

pytestmark = pytest.mark.django_db
#: A part of a German catalogue: the rest is said in the site's first language.
GERMAN = {
    "timeline/": "zeitleiste/",
    "topics/<slug:slug>/": "themen/<slug:slug>/",
    "Timeline": "Zeitleiste",
    "Accepted": "Angenommen",
    "not yet translated": "noch nicht übersetzt",
}


@pytest.fixture
def world():
    world = make_world()
    asked = make_recommendation(
        world.cycle,
        label="1",
        title="Un guichet",
        dutch="Een loket",
        topics=[make_topic("water", name={"fr": "Eau", "nl": "Water", "de": "Wasser"})],
    )
    publish_action(asked, value="accepted", title={"fr": "Oui", "nl": "Ja", "de": "Jawohl, gern"})
    publish_action(asked, kind="meeting", title={"fr": "Une rencontre", "nl": "Een ontmoeting"})
    world.asked = asked
    return world


def forget_addresses(language: str, resolver: URLResolver | None = None) -> None:
    """Patterns keep what they are in each language: another test may have had another catalogue."""
    if resolver is None:
        clear_url_caches()
        resolver = get_resolver()
    for kept in (resolver._reverse_dict, resolver._namespace_dict, resolver._app_dict):
        kept.pop(language, None)
    resolver._populated = False
    for each in resolver.url_patterns:
        getattr(each.pattern, "_regex_dict", {}).pop(language, None)
        if isinstance(each, URLResolver):
            forget_addresses(language, each)


@pytest.fixture
def german(tmp_path):
    path = tmp_path / "de/LC_MESSAGES/django.po"
    path.parent.mkdir(parents=True)
    catalogue = polib.POFile()
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=utf-8",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    said = extract(BASE_DIR, own_apps())
    for (context, text), message in said.items():
        if text in GERMAN and not message.plural:
            catalogue.append(polib.POEntry(msgctxt=context, msgid=text, msgstr=GERMAN[text]))
    catalogue.save(str(path))
    catalogue.save_as_mofile(str(path.with_suffix(".mo")))
    three = [*settings.LANGUAGES, ("de", "Deutsch")]
    with override_settings(
        LANGUAGES=three,
        WAGTAIL_CONTENT_LANGUAGES=three,
        LOCALE_PATHS=[str(tmp_path), str(BASE_DIR / "locale")],
    ):
        forget_addresses("de")
        yield
        directory.forget()
    forget_addresses("de")


def spoken(page: Reading, text: str) -> set[str]:
    """The languages that a text of a page says it is in."""
    found = set()
    for node in page.soup.body.find_all(string=lambda said: said and text in said):
        marked = next(each for each in node.parents if each.get("lang"))
        found.add(marked["lang"])
    return found


def test_a_third_language_costs_a_setting_a_catalogue_and_a_command(client, world, german, capsys):
    call_command("add_language", "de")
    assert "locale de" in capsys.readouterr().out
    directory.forget()
    page = read(client, f"/de/r/{world.asked.reference}/")
    assert page.status == 200
    assert page.soup.html["lang"] == page.headers["Content-Language"] == "de"
    # What is there is said in German, what is not in the language that it has.
    assert spoken(page, "Jawohl, gern") == {"de"}
    assert spoken(page, "Une rencontre") == {"fr"}
    assert spoken(page, "Un guichet") == {"fr"}
    assert spoken(page, "Wasser") == {"de"}
    assert "Angenommen" in page.soup.main.text
    names = {
        a["lang"]: a.select_one(".languages__name").text for a in page.soup.select(".languages a")
    }
    assert names == {"fr": "Français", "nl": "Nederlands", "de": "Deutsch"}
    # The page itself has no German: machines are told of the languages it is written in.
    assert set(page.alternates) == {"fr", "nl", "x-default"}
    for address in ("/de/", "/de/zeitleiste/", "/de/themen/water/"):
        assert read(client, address).status == 200, address
    assert "de" in read(client, "/de/themen/water/").alternates
    call_command("add_language", "de")
    assert "locale" not in capsys.readouterr().out
    call_command("makemigrations", "--check", verbosity=0)


def test_a_language_that_nobody_set_or_translated_is_refused(world, tmp_path):
    with pytest.raises(CommandError, match="SUITES_LANGUAGES"):
        call_command("add_language", "de")
    three = [*settings.LANGUAGES, ("de", "Deutsch")]
    with override_settings(LANGUAGES=three, LOCALE_PATHS=[str(tmp_path)]):
        with pytest.raises(CommandError, match="catalogue"):
            call_command("add_language", "de")
        assert {each.id for each in checks.languages_have_catalogues(None)} == {"portal.E001"}


def test_english_ships(client, world):
    three = [*settings.LANGUAGES, ("en", "English")]
    with override_settings(LANGUAGES=three, WAGTAIL_CONTENT_LANGUAGES=three):
        call_command("add_language", "en", verbosity=0)
        directory.forget()
        page = read(client, f"/en/r/{world.asked.reference}/")
        assert "Accepted" in page.soup.main.text
        assert spoken(page, "Un guichet") == {"fr"}
        for address in ("timeline/", "topics/water/", "search/", "follow/", "bodies/"):
            assert read(client, f"/en/{address}").status == 200, address
        assert checks.languages_have_catalogues(None) == []
    directory.forget()


# -- a host name for a language ---------------------------------------------------------------

HOSTS = {"fr": "suites.example.org", "nl": "opvolging.example.org"}


@pytest.fixture
def hosts():
    with override_settings(
        SUITES_LANGUAGE_HOSTS=HOSTS,
        SUITES_SITE_URL="https://suites.example.org",
        ALLOWED_HOSTS=[*HOSTS.values()],
    ):
        yield


def test_each_language_is_read_at_its_own_host(client, world, hosts):
    asked = f"/r/{world.asked.reference}"
    for code, host in HOSTS.items():
        other = next(each for each in HOSTS if each != code)
        # Without a language in the address the host decides, whatever the browser asks for.
        for path in ("/", asked):
            answer = client.get(path, HTTP_HOST=host, HTTP_ACCEPT_LANGUAGE=other)
            assert f"/{code}/" in answer["Location"], (host, path)
        sent = client.get(f"/{other}/", HTTP_HOST=host)
        assert sent.status_code in (301, 302)
        assert sent["Location"].split("://")[-1] == f"{HOSTS[other]}/{other}/"
        answer = client.get(f"/{code}/", HTTP_HOST=host, follow=True)
        soup = BeautifulSoup(answer.content, "html.parser")
        alternates = {
            link["hreflang"]: link["href"].split("/")[2]
            for link in soup.select("link[rel=alternate][hreflang]")
        }
        assert alternates == {**HOSTS, "x-default": HOSTS["fr"]}
