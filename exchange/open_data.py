"""The nightly file: everything published, history included, as one zip that anybody may fetch.

A command makes it (``publish_open_data``); nothing heavy happens when somebody asks for it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from exchange import export, tables

#: The file's name, on the disk and in its address.
NAME = "suites.zip"


def path() -> Path:
    """Where the file lies."""
    return Path(settings.SUITES_OPEN_DATA_ROOT) / NAME


def publish(report: Callable[[str], Any] = lambda line: None) -> bool:
    """Make the file anew; False when it would say what it says already, and is left alone."""
    return export.write_zip(path(), export.Scope(public=True), report=report)


@dataclass(frozen=True, slots=True)
class Published:
    """The file as it is now."""

    size: int
    made: datetime
    etag: str


def published() -> Published | None:
    """What is known of the file; None when there is none yet."""
    try:
        found = path().stat()
    except FileNotFoundError:
        return None
    return Published(
        size=found.st_size,
        made=datetime.fromtimestamp(int(found.st_mtime), tz=timezone.get_default_timezone()),
        etag=f'"{found.st_size:x}-{found.st_mtime_ns:x}"',
    )


def form() -> str:
    """A fingerprint of the form in which data goes out: it changes when a schema does."""
    described = [tables.template(name) for name in tables.NAMES]
    return sha256(f"{export.site_languages()} {described}".encode()).hexdigest()[:8]
