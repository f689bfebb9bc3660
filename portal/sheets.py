"""The style sheets of the public pages, joined into one file when static files are collected.

In development the browser reads one sheet a component, in the order of ``static/css/index.css``. A
reader on a phone would wait for each of them, so ``collectstatic`` writes one file of that name.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEET = "css/index.css"
_IMPORT = re.compile(r"""@import url\("([\w./-]+)"\);""")
_ADDRESS = re.compile(r"""url\(["']?(?!data:|#)([^"')]+)""")
_STRING = r"""("[^"]*"|'[^']*')"""
_COMMENT = re.compile(_STRING + r"|/\*.*?\*/", re.DOTALL)
#: A string, which stays as it is; the space around a mark that needs none; other space.
_SPACE = re.compile(_STRING + r"|\s*([{};,])\s*|\s+")


class SheetError(Exception):
    """The style sheets can't be joined as they are written."""


def named_in(index: str) -> list[str]:
    """The sheets that ``index.css`` names, in their order. It holds nothing else."""
    rest = _squeezed(_IMPORT.sub("", index))
    if rest:
        raise SheetError(f"{SHEET} may only import sheets, one a line; it also says: {rest}")
    folder = PurePosixPath(SHEET).parent
    return [str(folder / name) for name in _IMPORT.findall(index)]


def join(read: Callable[[str], str]) -> str:
    """One sheet of all, without comments and spare space; ``read`` gives the text of a path."""
    parts = []
    for path in named_in(read(SHEET)):
        text = read(path)
        if "/components/" in path and (found := _ADDRESS.search(text)):
            raise SheetError(
                f"{path} names {found[1]}, which would lead elsewhere from {SHEET}: "
                "name files in css/base.css only."
            )
        parts.append(_squeezed(text))
    return "\n".join(parts) + "\n"


def _squeezed(css: str) -> str:
    css = _COMMENT.sub(lambda found: found[1] or "", css)
    css = _SPACE.sub(lambda found: found[1] or found[2] or " ", css)
    return css.replace(";}", "}").strip()


class StaticFiles(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage: hashed names, compressed files; and one style sheet for all pages."""

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, bool | Exception]]:
        if not dry_run and SHEET in paths:

            def read(path: str) -> str:
                storage, place = paths[path]
                with storage.open(place) as file:
                    return file.read().decode("utf-8")

            joined = join(read)
            parts = set(named_in(read(SHEET)))
            if self.exists(SHEET):
                self.delete(SHEET)
            self.save(SHEET, ContentFile(joined.encode("utf-8")))
            # What is in the joined sheet needs no hashed copy of its own.
            paths = {path: found for path, found in paths.items() if path not in parts}
            paths[SHEET] = (self, SHEET)
        yield from super().post_process(paths, dry_run, **options)
