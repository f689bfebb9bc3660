import polib
import pytest
from django.conf import settings

from portal.catalogues import content, extract, problems, update
from portal.env import BASE_DIR
from portal.management.commands.catalogues import own_apps

pytestmark = pytest.mark.tooling

LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.fixture(scope="module")
def messages():
    return extract(BASE_DIR, own_apps())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_is_complete(messages, language):
    path = BASE_DIR / "locale" / language / "LC_MESSAGES/django.po"
    catalogue = update(path, language, messages)
    assert list(problems(catalogue)) == []
    assert path.read_text("utf-8") == content(catalogue), "run: python3 dev.py manage catalogues"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language):
    folder = BASE_DIR / "locale" / language / "LC_MESSAGES"
    compiled = {(e.msgctxt, e.msgid) for e in polib.mofile(str(folder / "django.mo"))}
    written = {(e.msgctxt, e.msgid) for e in polib.pofile(str(folder / "django.po"))}
    assert compiled == written


def test_no_python_package_hides_the_standard_locale():
    assert not (BASE_DIR / "locale/__init__.py").exists()
