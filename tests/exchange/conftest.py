import pytest
from django.core.management import call_command


@pytest.fixture
def site(db):
    """A site as it begins: home and standard pages, no assembly."""
    call_command("setup_site", verbosity=0)
