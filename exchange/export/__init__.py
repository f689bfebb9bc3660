"""Data out: what is published, as the exchange folder that ``import_data`` reads.

A table of the folder is its Table Schema (``exchange/schemas``) and one function of
``exchange.export.content``; columns that are no field of the model are in ``exchange.export.more``.
"""

from exchange.export.package import (
    LICENCE,
    about,
    describe,
    site_languages,
    write_folder,
    write_zip,
)
from exchange.export.scope import Scope
from exchange.export.streams import csv_lines, json_text

__all__ = [
    "LICENCE",
    "Scope",
    "about",
    "csv_lines",
    "describe",
    "json_text",
    "site_languages",
    "write_folder",
    "write_zip",
]
