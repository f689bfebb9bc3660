"""A migrated database, kept from one run to the next: what takes ten seconds is read in a moment.

Only for SQLite in memory, which is made anew in every process. What is kept is known by everything
that its content follows from: the migrations of all apps, our models and settings, and the versions
installed. Thrown away by deleting ``var/tests``.
"""

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management.commands import migrate
from django.db import connections

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var/tests"
#: What names permissions and content types, beside migrations.
SOURCES = ("*/models.py", "*/models/*.py", "*/*/models.py", "*/enums.py", "portal/settings/*.py")


def fingerprint() -> str:
    """Of all that a migrated database follows from."""
    digest = hashlib.sha256()
    for name, version in sorted((each.name, each.version) for each in distributions()):
        digest.update(f"{name}=={version}\n".encode())
    for path in sorted(_files()):
        digest.update(f"{path}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:24]


def _files() -> Iterator[Path]:
    for config in apps.get_app_configs():
        if Path(config.path).is_relative_to(ROOT) and ".venv" not in config.path:
            yield from (Path(config.path) / "migrations").glob("*.py")
    for pattern in SOURCES:
        yield from ROOT.glob(pattern)


def keep_migrated(patch: pytest.MonkeyPatch) -> None:
    """From now on ``migrate`` reads what was kept, where there is such."""
    as_usual = migrate.Command.handle

    def handle(self: Any, *args: Any, **options: Any) -> Any:
        connection = connections[options["database"]]
        if connection.vendor != "sqlite" or not connection.is_in_memory_db():
            return as_usual(self, *args, **options)
        kept = FOLDER / f"{fingerprint()}.sqlite3"
        connection.ensure_connection()
        if kept.is_file():
            with closing(sqlite3.connect(f"{kept.as_uri()}?mode=ro", uri=True)) as source:
                source.backup(connection.connection)
            return None
        result = as_usual(self, *args, **options)
        FOLDER.mkdir(parents=True, exist_ok=True)
        being_written = FOLDER / f"{kept.stem}.{os.getpid()}"
        with closing(sqlite3.connect(being_written)) as target:
            connection.connection.backup(target)
        being_written.replace(kept)  # another process may have been faster: both say the same
        for old in sorted(FOLDER.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime)[:-5]:
            old.unlink(missing_ok=True)
        return result

    patch.setattr(migrate.Command, "handle", handle)
