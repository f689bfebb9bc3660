"""What an operator is told before readers find out: a language without its catalogue.

Django would say in the site's first language what a catalogue lacks, and nothing would mark it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.utils.translation import to_locale

from portal.catalogues import SOURCE_LANGUAGE


def _catalogues() -> Iterator[tuple[str, Path]]:
    for code, _name in settings.LANGUAGES:
        if code != SOURCE_LANGUAGE:
            yield code, Path(settings.LOCALE_PATHS[0]) / to_locale(code) / "LC_MESSAGES/django.po"


def languages_have_catalogues(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Each language of ``SUITES_LANGUAGES`` has one; English is what the source is written in."""
    return [
        Error(
            f"SUITES_LANGUAGES names “{code}”, and there is no catalogue {path}.",
            hint="manage.py catalogues begins one; then translate it (docs/languages.md).",
            id="portal.E001",
        )
        for code, path in _catalogues()
        if not path.exists()
    ]


def catalogues_are_whole(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """No message is missing or doubtful; for ``check --deploy`` only, since it takes a second."""
    found: list[CheckMessage] = []
    for code, path in _catalogues():
        if not path.exists():
            continue
        catalogue = polib.pofile(str(path))
        open_ones = [*catalogue.untranslated_entries(), *catalogue.fuzzy_entries()]
        if open_ones:
            found.append(
                Warning(
                    f"{len(open_ones)} of {len(catalogue)} messages are not translated in {path}: "
                    f"readers of “{code}” see them in another language.",
                    hint="manage.py catalogues --check lists them.",
                    id="portal.W001",
                )
            )
    return found
