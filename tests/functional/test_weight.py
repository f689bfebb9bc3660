"""What a page weighs on the wire, in bytes, with the static files of production."""

import gzip
import re
from pathlib import PurePosixPath

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command

from portal.sheets import SHEET
from tests.functional.showcase import LANGUAGES, addresses, make_many, make_showcase

pytestmark = [pytest.mark.functional, pytest.mark.django_db]

PAGE = 25_000
LARGE_CYCLE = 35_000
FONTS = 40_000


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


def compressed(collected, address: str) -> int:
    """What the smallest version of a file weighs that a browser of today accepts."""
    path = collected / path_of(address)
    return min(
        version.stat().st_size
        for version in (path, path.with_name(f"{path.name}.br"), path.with_name(f"{path.name}.gz"))
        if version.exists()
    )


def asked_for(page: BeautifulSoup) -> set[str]:
    """Everything that a browser fetches to show the page, besides the page and its tab's icon."""
    wanted = {
        link["href"]
        for link in page.select("link[rel=stylesheet], link[rel=preload], link[rel=modulepreload]")
    }
    for tag in page.select("[src], [srcset], [data], [poster]"):
        wanted |= {tag[name] for name in ("src", "srcset", "data", "poster") if tag.get(name)}
    return wanted


def test_a_page_is_four_light_requests(client, collected):
    world = make_showcase()
    make_many(world, 60)
    for language in LANGUAGES:
        for name, address in addresses(language).items():
            response = client.get(address, follow=True)
            page = BeautifulSoup(response.content, "html5lib")
            wanted = asked_for(page)
            sheets = {each for each in wanted if each.endswith(".css")}
            fonts = {each for each in wanted if each.endswith(".woff2")}
            assert (len(sheets), len(fonts)) == (1, 2), name
            assert wanted == sheets | fonts, name
            assert not page.select("script:not([type='application/ld+json'])"), name
            weight = len(gzip.compress(response.content, 6))
            weight += sum(compressed(collected, sheet) for sheet in sheets)
            limit = LARGE_CYCLE if name == "cycle" else PAGE
            assert weight <= limit, f"{name} in {language}: {weight} bytes"
            assert sum(compressed(collected, font) for font in fonts) <= FONTS


def test_the_sheet_is_one_file_that_leads_to_the_hashed_fonts(collected):
    hashed = staticfiles_storage.url(SHEET)
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
