"""The style sheets of the public pages, joined when static files are collected.

In development the browser reads one sheet a component, in the order of ``static/css/index.css``. A
reader on a phone would wait for each of them, so ``collectstatic`` writes one file of that name.

There are two such files, and a page links one of them: ``index.css``, of the pages that tell what
became of something, and ``tools.css``, of those on which somebody searches, looks through steps and
figures, leafs through a booklet, follows, downloads or writes. What both need stands in
``common.css``. So the page that most readers came for does not carry the forms of pages that they
may never open.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEET = "css/index.css"
TOOLS = "css/tools.css"
#: What pages may link. Each is whole in itself.
SHEETS = (SHEET, TOOLS)
#: A list that both begin with; it is joined into them and is no sheet of its own.
_COMMON = "css/common.css"
_IMPORT = re.compile(r"""@import url\("([\w./-]+)"\);""")
_ADDRESS = re.compile(r"""url\(["']?(?!data:|#)([^"')]+)""")
_STRING = r"""("[^"]*"|'[^']*')"""
_COMMENT = re.compile(_STRING + r"|/\*.*?\*/", re.DOTALL)
#: A string, which stays as it is; the space around a mark that needs none; other space.
_SPACE = re.compile(_STRING + r"|\s*([{};,])\s*|\s+")
#: The space between a property and its value. In ``a :hover`` the space means something.
_VALUE = re.compile(_STRING + r"|(?<=[{;])([\w-]+): ")
#: The nought of ``0.5rem``.
_NOUGHT = re.compile(_STRING + r"|(?<=[\s:,(+*/-])0\.(?=\d)")
#: How the sheet of a component begins.
_LAYER = "@layer components{"


class SheetError(Exception):
    """The style sheets can't be joined as they are written."""


def named_in(read: Callable[[str], str], sheet: str = SHEET) -> list[str]:
    """The sheets that a list names, in their order, and those that the common list names."""
    index = read(sheet)
    rest = _squeezed(_IMPORT.sub("", index))
    if rest:
        raise SheetError(f"{sheet} may only import sheets, one a line; it also says: {rest}")
    named: list[str] = []
    for name in _IMPORT.findall(index):
        path = str(PurePosixPath(sheet).parent / name)
        named += named_in(read, path) if path == _COMMON else [path]
    return named


def join(read: Callable[[str], str], sheet: str = SHEET) -> str:
    """One sheet of all, without comments and spare space; ``read`` gives the text of a path."""
    parts: list[str] = []
    for path in named_in(read, sheet):
        text = read(path)
        if "/components/" in path and (found := _ADDRESS.search(text)):
            raise SheetError(
                f"{path} names {found[1]}, which would lead elsewhere from {sheet}: "
                "name files in css/base.css only."
            )
        part = _squeezed(text)
        if parts and _is_one_layer(part) and _is_one_layer(parts[-1]):
            # The layer of the one before goes on.
            parts[-1] = f"{parts[-1].removesuffix('}')}{part.removeprefix(_LAYER)}"
        else:
            parts.append(part)
    return "".join(parts) + "\n"


def _is_one_layer(css: str) -> bool:
    """Whether all that it says stands in the one layer of the components."""
    depth = 0
    for found in re.finditer(_STRING + r"|[{}]", css):
        if not found[1]:
            depth += 1 if found[0] == "{" else -1
            if depth == 0:
                return css.startswith(_LAYER) and found.end() == len(css)
    return False


def _squeezed(css: str) -> str:
    css = _COMMENT.sub(lambda found: found[1] or "", css)
    css = _SPACE.sub(lambda found: found[1] or found[2] or " ", css)
    css = _VALUE.sub(lambda found: found[1] or f"{found[2]}:", css)
    css = _NOUGHT.sub(lambda found: found[1] or ".", css)
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

            joined = {sheet: join(read, sheet) for sheet in SHEETS}
            # What is in a joined sheet needs no hashed copy of its own.
            parts = {_COMMON}.union(*(named_in(read, sheet) for sheet in SHEETS))
            for sheet, css in joined.items():
                if self.exists(sheet):
                    self.delete(sheet)
                self.save(sheet, ContentFile(css.encode("utf-8")))
            paths = {path: found for path, found in paths.items() if path not in parts}
            paths |= {sheet: (self, sheet) for sheet in SHEETS}
        yield from super().post_process(paths, dry_run, **options)
