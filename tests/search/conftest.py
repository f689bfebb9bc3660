"""The engines that tests ask: that of the database, and a real Elasticsearch where there is one."""

import os
import uuid

import pytest

from search import concepts, engines, facets, vocabulary
from search.engines.base import Engine
from tests.conftest import unavailable
from tests.services import elasticsearch


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """What a process keeps of the index, forgotten: another test had another database."""
    facets.forget()
    engines.named.cache_clear()
    concepts._kept = None
    vocabulary._kept.clear()


@pytest.fixture(scope="session")
def elasticsearch_url():
    if url := os.environ.get("ELASTICSEARCH_URL"):
        yield url
        return
    if not elasticsearch.fetched() and os.environ.get("CI") != "true":
        pytest.skip("No Elasticsearch (python -m tests.services.elasticsearch fetch).")
    port = elasticsearch.free_port()
    try:
        yield elasticsearch.start(port)
    except elasticsearch.Missing as error:
        unavailable(str(error))
    finally:
        elasticsearch.stop(port)


@pytest.fixture(params=["database", "elasticsearch"])
def engine(request, settings) -> Engine:
    """Each engine in turn, chosen as the site's."""
    name = request.param
    if name == "elasticsearch":
        settings.ELASTICSEARCH_URLS = [request.getfixturevalue("elasticsearch_url")]
        settings.SUITES_SEARCH_INDEX = f"test-{uuid.uuid4().hex[:12]}"
        engines.named.cache_clear()
    settings.SUITES_SEARCH = name
    made = engines.current()
    yield made
    if name == "elasticsearch":
        if made.client.indices.exists_alias(name=made.alias):
            for index in made.client.indices.get_alias(name=made.alias):
                made.client.indices.delete(index=index)
        made.client.close()
        engines.named.cache_clear()
