"""What has words of its own in every language, table by table.

Each table says which texts a row has, by which key a file names the row, and how a text that was
missing is written: ``facts``, ``lists``, and ``pages``, which are translated segment by segment.
"""

from translations.tables.facts import (
    ActionTable,
    ActTable,
    CountTable,
    MeasureTable,
    PassageTable,
    WithdrawalTable,
)
from translations.tables.lists import (
    AssemblyTable,
    BodyTable,
    GroupTable,
    KindTable,
    ListTable,
    RegimeTable,
    TopicTable,
)
from translations.tables.pages import PAGES, PageTable
from translations.tables.table import Part, Table

__all__ = ["BY_NAME", "PAGES", "TABLES", "ListTable", "PageTable", "Part", "Table", "add"]

#: In the order in which readers meet them.
TABLES: list[Table] = [
    AssemblyTable(),
    KindTable(),
    BodyTable(),
    TopicTable(),
    RegimeTable(),
    GroupTable(),
    ActionTable(),
    MeasureTable(),
    ActTable(),
    PassageTable(),
    CountTable(),
    WithdrawalTable(),
]
BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}


def add(table: ListTable) -> None:
    """A list of a room that this one knows nothing of: it comes first, on every page.

    Called in the ``AppConfig.ready()`` of an app that comes before this one in INSTALLED_APPS.
    """
    TABLES.insert(0, table)
    BY_NAME[table.name] = table
