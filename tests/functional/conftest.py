"""A site with one of every page, on a port, for the tests that walk through all of it."""

from typing import Any

import pytest

from tests.functional.showcase import make_showcase


@pytest.fixture
def showcase(live_server: Any) -> Any:
    """What ``tests.functional.showcase`` makes, served."""
    return make_showcase()
