"""The bulk path: recommendations and facts published by the thousand, as if one by one.

It writes what ``save()``, ``save_revision()`` and ``publish()`` write, table by table, in a few
statements: rows, child rows, one revision and one log entry a page and fact, numbers of the change
log without a gap and in the same order, states, the reference index and the search index. What a
single publication checks is checked here too, without a query a row. The one door for it is
``assemblies.history.publishing_many``. That both ways give the same is held by a test.
"""

from exchange.bulk.facts import publish as publish_facts
from exchange.bulk.recommendations import publish as publish_recommendations

__all__ = ["publish_facts", "publish_recommendations"]
