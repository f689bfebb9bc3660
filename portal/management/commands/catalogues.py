from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import to_language, to_locale

from portal.catalogues import (
    SOURCE_LANGUAGE,
    compile_stale,
    content,
    drop_obsolete,
    extract,
    problems,
    update,
    write,
)
from portal.env import BASE_DIR


class Command(BaseCommand):
    help = "Brings the message catalogues up to date with the source and compiles them."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--compile", action="store_true", help="only compile what is newer")
        parser.add_argument(
            "--drop", action="store_true", help="forget what the source no longer says"
        )
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail on anything incomplete"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        locale = Path(settings.LOCALE_PATHS[0])
        if options["compile"]:
            self.stdout.write(f"{len(compile_stale(locale))} compiled")
            return
        messages = extract(BASE_DIR, own_apps())
        incomplete = 0
        for language in languages(locale):
            path = locale / to_locale(language) / "LC_MESSAGES" / "django.po"
            catalogue = update(path, language, messages)
            if options["drop"]:
                catalogue = drop_obsolete(catalogue)
            found = list(problems(catalogue))
            if options["check"]:
                if not path.exists() or path.read_text("utf-8") != content(catalogue):
                    found.insert(0, "not up to date: run manage.py catalogues")
            else:
                write(catalogue, path)
            for problem in found:
                self.stdout.write(f"{language}: {problem}")
            self.stdout.write(f"{language}: {len(catalogue)} messages, {len(found)} problems")
            incomplete += len(found)
        if options["check"]:
            if incomplete:
                raise CommandError(f"The catalogues have {incomplete} problems.")
        else:
            compile_stale(locale)


def languages(locale: Path) -> list[str]:
    """Those of the site and those that have a catalogue, but for the one of the source."""
    there = [to_language(path.name) for path in sorted(locale.iterdir()) if path.is_dir()]
    known = dict.fromkeys([*dict(settings.LANGUAGES), *there])
    return [code for code in known if code != SOURCE_LANGUAGE]


def own_apps() -> list[str]:
    """The folders of this project's apps, from the top of the house down."""
    return [
        Path(config.path).relative_to(BASE_DIR).as_posix()
        for config in apps.get_app_configs()
        if Path(config.path).parent == BASE_DIR
    ]
