"""The whole demo, read in French, in Dutch, and in a language of brackets, page by page.

Every page that a link leads to, from the home page on. What is compared is what was rendered.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import polib
import pytest
from bs4 import BeautifulSoup, Comment, Doctype, NavigableString, Tag
from django.core.management import call_command
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils.translation import override
from i18nfield.fields import I18nCharField, I18nTextField
from wagtail.models import Page

from assemblies import clock, directory, models
from home.setup import add_language
from portal.catalogues import extract
from portal.env import BASE_DIR
from portal.management.commands.catalogues import own_apps
from subscriptions import letters, rounds, tokens
from subscriptions.models import Address, Mail
from tests.factories import follow, publish_action
from tests.factories.subscriptions import make_address
from tests.readers import Reading, read, walk

#: Without it no database is made when this file runs alone.
pytestmark = pytest.mark.django_db
LANGUAGES = ("fr", "nl")
#: Codes of Open Graph by ours.
OPEN_GRAPH = {"fr": "fr_FR", "nl": "nl_BE"}
#: What is the same in every language: the site's name, licences, references, types of files.
NAMES = re.compile(
    r"\bSuites\b|\bEsperanto\b|CC BY 4\.0|\bCreative Commons\b|EUPL 1\.2|https?://\S+"
    r"|\b[\w.-]+@[\w.-]+|[\w-]+(\.[\w-]+)+(:\d+)?(/\S*)?"
    r"|\b[A-Z][A-Z0-9]{1,4}(-[A-Za-z0-9.]+)*\b|\b[A-Z]?[0-9][\w.]*\b|\b(csv|json|zip|title_\w\w)\b"
)
#: Names that a text of the site, in its own language, says in another.
IN_PROSE = {"Convention citoyenne pour le climat"}
PSEUDO = "eo"  # a language that Django knows and we don't


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_demo", verbosity=0)
        directory.forget()
        yield
        transaction.set_rollback(True)
    directory.forget()


@pytest.fixture(scope="module")
def french(demo) -> dict[str, Reading]:
    return walk(Client(), "/fr/")


@pytest.fixture(scope="module")
def dutch(french) -> dict[str, Reading]:
    """What the switch of each French page leads to, by the French address."""
    client = Client()
    return {url: read(client, page.switch("nl")) for url, page in french.items()}


def test_the_walk_sees_every_kind_of_page(french):
    paths = {urlsplit(url).path for url in french}
    for part in ("mesures", "actes", "organismes", "themes", "chronologie", "contact", "donnees"):
        assert any(path.startswith(f"/fr/{part}/") for path in paths), part
    assert len(paths) > 600
    gone = [page for page in french.values() if page.status == 410]
    assert len(gone) == 1
    assert {page.status for page in french.values()} == {200, 410}


def test_both_languages_hold_the_same_facts(french, dutch):
    different = {}
    for url, page in french.items():
        other = dutch[url]
        assert other.status == page.status, url
        here, there = page.facts(), other.facts()
        if here != there:
            different[url] = (here - there, there - here)
    assert different == {}


def test_the_switch_leads_back(french, dutch):
    for url, page in dutch.items():
        assert page.switch("fr") == url
        assert page.url.startswith("/nl/")
        assert page.url != "/nl/" or urlsplit(url).path == "/fr/"


def test_what_pages_say_of_their_languages_agrees(french, dutch):
    heads = {}
    for pages, language in ((french, "fr"), (dutch, "nl")):
        for page in pages.values():
            assert page.soup.html["lang"] == page.headers["Content-Language"] == language
            if page.status == 200 and page.canonical:
                heads[f"http://127.0.0.1:8000{page.url}"] = page
    for address, page in heads.items():
        alternates = page.alternates
        written = {code: url for code, url in alternates.items() if code != "x-default"}
        own = page.headers["Content-Language"]
        assert written, address
        assert alternates["x-default"] == next(iter(written.values()))
        if own in written:
            assert page.canonical == written[own]
        else:
            assert page.canonical == next(iter(written.values()))
        for code, url in written.items():
            assert heads[url].alternates == alternates, (address, url)
            assert heads[url].headers["Content-Language"] == code
        locale = page.property("og:locale")
        assert locale == [OPEN_GRAPH[own if own in written else next(iter(written))]]
        others = page.property("og:locale:alternate")
        assert sorted([*locale, *others]) == sorted(OPEN_GRAPH[code] for code in written)
        for link in page.soup.select(".languages a"):
            code = link["lang"]
            assert link["hreflang"] in written
            assert (link["hreflang"] == code) == (code in written)


# -- every fragment in the language it says ------------------------------------------------------


def texts(root: BeautifulSoup) -> Iterator[tuple[str, str]]:
    """Every text of a page that is read or spoken, with its language."""
    for text, element, _attribute in placed_texts(root):
        yield text, _language(element)


def placed_texts(root: BeautifulSoup) -> Iterator[tuple[str, Tag, bool]]:
    """The same with the element that it stands in, and whether it is an attribute of that."""
    for node in root.descendants:
        if isinstance(node, Tag):
            for name in ("aria-label", "title", "alt", "placeholder"):
                if node.get(name):
                    yield str(node[name]), node, True
        elif (
            isinstance(node, NavigableString)
            and not isinstance(node, Comment | Doctype)
            and node.parent.name not in ("script", "style", "title", "code")
            and node.strip()
        ):
            yield str(node), node.parent, False


def _language(element: Tag | None) -> str:
    while element is not None and not element.get("lang"):
        element = element.parent
    return str(element["lang"]) if element is not None else ""


def content(language: str) -> set[str]:
    """The texts of the demo in one language: titles of pages, words of facts and lists."""
    found = set(
        Page.objects.filter(locale__language_code=language, depth__gt=2).values_list(
            "title", flat=True
        )
    )
    for model in (*models.FACTS, models.Body, models.Topic, models.Group, models.Regime):
        for field in model._meta.get_fields():
            if isinstance(field, I18nCharField | I18nTextField):
                for row in model.objects.values_list(field.name, flat=True):
                    data = getattr(row, "data", row)
                    if isinstance(data, dict) and data.get(language):
                        found.add(data[language])
    return {text.strip() for text in found if len(text.strip()) > 12}


@pytest.mark.parametrize(("language", "other"), [("fr", "nl"), ("nl", "fr")])
def test_every_text_of_another_language_is_marked(french, dutch, language, other):
    foreign = content(other) - content(language) - IN_PROSE
    assert len(foreign) > 300
    pages = french if language == "fr" else dutch
    unmarked = []
    for page in pages.values():
        own = "\n".join(text for text, of in texts(page.soup.body) if of == language)
        unmarked += [(page.url, text[:80]) for text in foreign if text in own]
    assert unmarked == []


# -- a language of brackets ----------------------------------------------------------------------


def bracketed(text: str) -> str:
    return f"⟦{text}⟧"


@pytest.fixture(scope="module")
def pseudo(demo, tmp_path_factory) -> Iterator[dict[str, Reading]]:
    """The site in a language whose catalogue puts every message between brackets."""
    folder = tmp_path_factory.mktemp("locale")
    target = folder / PSEUDO / "LC_MESSAGES" / "django.po"
    target.parent.mkdir(parents=True)
    catalogue = polib.POFile()
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=utf-8",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for message in extract(BASE_DIR, own_apps()).values():
        address = all(name.endswith("urls.py") for name in message.files)
        said = str if address else bracketed
        entry = polib.POEntry(msgctxt=message.context, msgid=message.text)
        if message.plural:
            entry.msgid_plural = message.plural
            entry.msgstr_plural = {0: said(message.text), 1: said(message.plural)}
        else:
            entry.msgstr = said(message.text)
        catalogue.append(entry)
    catalogue.save(str(target))
    catalogue.save_as_mofile(str(target.with_suffix(".mo")))
    with override_settings(
        LANGUAGES=[("fr", "Français"), ("nl", "Nederlands"), (PSEUDO, "Esperanto")],
        LOCALE_PATHS=[str(folder), str(BASE_DIR / "locale")],
    ):
        add_language(PSEUDO)
        directory.forget()
        yield walk(Client(), f"/{PSEUDO}/")


#: A message may have marks inside: its brackets are counted through the block it stands in.
BLOCKS = {"p", "li", "dd", "dt", "td", "th", "div", "section", "h1", "h2", "h3", "h4", "label"}


def outside_brackets(text: str, depth: int = 0) -> tuple[str, int]:
    """What stands outside of all brackets, and how many are open at the end."""
    found = []
    for letter in text:
        depth += {"⟦": 1, "⟧": -1}.get(letter, 0)
        if depth == 0 and letter != "⟧":
            found.append(letter)
    return "".join(found), depth


def unsaid(page: Reading) -> Iterator[str]:
    """What a page says in its own language and outside of brackets, but for names."""
    block, depth = None, 0
    for text, element, is_attribute in placed_texts(page.soup):
        if is_attribute:
            outside, _open = outside_brackets(text)
        else:
            around = next((e for e in (element, *element.parents) if e.name in BLOCKS), None)
            outside, depth = outside_brackets(text, depth if around is block else 0)
            block = around
        left = NAMES.sub("", outside)
        if _language(element) == PSEUDO and re.search(r"[^\W\d_]{2,}", left):
            yield " ".join(left.split())[:80]


def test_no_page_says_anything_that_a_catalogue_does_not(pseudo):
    assert len(pseudo) > 600
    untranslated: dict[str, str] = {}
    for page in pseudo.values():
        for left in unsaid(page):
            untranslated.setdefault(left, page.url)
    assert untranslated == {}


@pytest.fixture(scope="module")
def letter(pseudo) -> letters.Letter:
    """What somebody who follows a cycle gets, after a step on one of its recommendations."""
    address = make_address("lea@example.org", languages=PSEUDO)
    asked = models.Recommendation.objects.get(reference="BXL-C3-2.1")
    subscription = follow(asked, address=address)
    follow(asked.cycle, address=address)
    for value in ("accepted", "to_clarify"):
        publish_action(asked, value=value, on=clock.today(), title={"fr": "Une étape", "nl": "Ja"})
    directory.forget()
    subscription.refresh_from_db()
    rounds.send_now()
    mail = Mail.objects.latest("pk")
    found = letters.Writer().letter(mail, address)
    assert found is not None
    return found


def test_a_mail_says_nothing_that_a_catalogue_does_not(letter):
    page = Reading("mail", 200, BeautifulSoup(letter.html, "html.parser"))
    assert page.soup.html["lang"] == PSEUDO
    assert "⟦" in letter.subject
    assert "⟦" in letter.text
    assert set(unsaid(page)) == set()


@pytest.mark.parametrize("name", ["confirm", "manage", "erase", "stop", "read", "search", "ask"])
def test_pages_behind_links_and_forms_say_nothing_else(letter, name):
    address = Address.objects.get(email="lea@example.org")
    mail = Mail.objects.latest("pk")
    tokens_of = {
        "confirm": tokens.for_confirming(address),
        "manage": tokens.for_managing(address),
        "erase": tokens.for_managing(address),
        "stop": tokens.for_stopping(address, "weekly"),
        "read": tokens.for_reading(mail),
    }
    with override(PSEUDO):
        asked = {
            "search": [
                f"{reverse('search:search')}?q={typed}"
                for typed in ("logement", "xyzzy", "logment", "BXL-C1-3.4")
            ],
            "ask": [f"{reverse('subscriptions:follow')}?what=recommendation:1"],
        }.get(name) or [reverse(f"subscriptions:{name}", args=[tokens_of[name]])]
    for url in asked:
        page = read(Client(), url)
        assert page.status == 200
        assert set(unsaid(page)) == set(), url
