"""What a page weighs on the wire, in bytes, with the static files and middleware of production."""

import gzip
import re
from pathlib import PurePosixPath

import brotli
import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command

from portal.env import BASE_DIR
from portal.sheets import SHEETS, join
from tests.functional.showcase import LANGUAGES, addresses, make_many, make_showcase

pytestmark = [pytest.mark.functional, pytest.mark.django_db]

PAGE = 25_000
LARGE_CYCLE = 35_000
FONTS = 40_000
#: What browsers unpack: those of today, and those of before 2017.
ENCODINGS = ("br", "gzip")
ENDINGS = {"br": "br", "gzip": "gz"}
OPENED = {"br": brotli.decompress, "gzip": gzip.decompress}
CLASS = re.compile(r"\.([a-z][a-z0-9_-]*)")


@pytest.fixture
def collected(settings, tmp_path):
    """Static files as ``collectstatic`` leaves them on a server (ours only: Wagtail's take 8 s)."""
    settings.STATIC_ROOT = tmp_path
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "portal.sheets.StaticFiles"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def path_of(address: str) -> str:
    """The file behind an address of the static files."""
    assert address.startswith(settings.STATIC_URL), address
    return address.removeprefix(settings.STATIC_URL)


def compressed(collected, address: str, encoding: str) -> int:
    """What a file weighs as WhiteNoise sends it to a browser that accepts this encoding."""
    path = collected / path_of(address)
    packed = path.with_name(f"{path.name}.{ENDINGS[encoding]}")
    return (packed if packed.exists() else path).stat().st_size


@pytest.fixture
def on_the_wire(settings, client):
    """Asks for a page as a browser does; gives it as it was sent, and as it can be read."""
    settings.MIDDLEWARE = ["portal.compression.Compress", *settings.MIDDLEWARE]

    def ask(address: str, encoding: str) -> tuple[int, BeautifulSoup]:
        response = client.get(address, headers={"Accept-Encoding": encoding}, follow=True)
        assert response["Content-Encoding"] == encoding
        page = OPENED[encoding](response.content)
        return len(response.content), BeautifulSoup(page, "html5lib")

    return ask


def asked_for(page: BeautifulSoup) -> set[str]:
    """Everything that a browser fetches to show the page and its tab, besides the page.

    Left out are addresses that stand for themselves (``data:``), and the picture that a telephone
    fetches when its owner puts the page among the programs.
    """
    wanted = {
        link["href"]
        for link in page.select("link[href]")
        if not {"canonical", "alternate", "apple-touch-icon"} & set(link["rel"])
    }
    for tag in page.select("[src], [srcset], [data], [poster]"):
        wanted |= {tag[name] for name in ("src", "srcset", "data", "poster") if tag.get(name)}
    return {each for each in wanted if not each.startswith("data:")}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_page_is_four_light_requests(on_the_wire, collected, encoding):
    world = make_showcase()
    make_many(world, 60)
    for language in LANGUAGES:
        for name, address in addresses(language).items():
            weight, page = on_the_wire(address, encoding)
            wanted = asked_for(page)
            sheets = {each for each in wanted if each.endswith(".css")}
            fonts = {each for each in wanted if each.endswith(".woff2")}
            assert (len(sheets), len(fonts)) == (1, 2), name
            assert wanted == sheets | fonts, name
            assert not page.select("script:not([type='application/ld+json'])"), name
            weight += sum(compressed(collected, sheet, encoding) for sheet in sheets)
            limit = LARGE_CYCLE if name == "cycle" else PAGE
            assert weight <= limit, f"{name} in {language}: {weight} bytes"
            assert sum(compressed(collected, font, encoding) for font in fonts) <= FONTS


def test_a_page_links_the_sheet_that_has_its_rules(client):
    """A page that shows what only the other sheet knows would show it bare."""
    make_showcase()
    styled = {sheet: set(CLASS.findall(join(of_site, sheet))) for sheet in SHEETS}
    known = set().union(*styled.values())
    for name, address in addresses("fr").items():
        page = BeautifulSoup(client.get(address, follow=True).content, "html5lib")
        (link,) = page.select("link[rel=stylesheet]")
        shown = {each for tag in page.select("[class]") for each in tag["class"]}
        linked = styled[path_of(link["href"])]
        assert sorted(shown & known - linked) == [], name


def of_site(path: str) -> str:
    return (BASE_DIR / "static" / path).read_text("utf-8")


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_sheet_is_one_file_that_leads_to_the_hashed_fonts(collected, sheet):
    hashed = staticfiles_storage.url(sheet)
    css = (collected / path_of(hashed)).read_text("utf-8")
    assert "@import" not in css
    assert "/*" not in css
    folder = PurePosixPath(path_of(hashed)).parent
    fonts = re.findall(r'url\("([^"]+)"\)', css)
    assert len(fonts) == 2
    for font in fonts:
        assert (collected / folder / font).resolve().exists(), font
        assert re.search(r"\.[0-9a-f]{12}\.woff2$", font)
    # Preloaded and asked for by the sheet under one name: fetched once.
    names = {PurePosixPath(font).name for font in fonts}
    preloaded = {"fonts/suites-serif.woff2", "fonts/suites-sans.woff2"}
    assert names == {PurePosixPath(staticfiles_storage.url(path)).name for path in preloaded}
