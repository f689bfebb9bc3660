"""What the database itself holds of translations: a file is taken once, a warning stands once."""

import pytest
from django.utils import timezone

from tests.factories import make_world
from tests.kept import is_kept
from translations.models import Delivery, OutdatedWords

pytestmark = pytest.mark.django_db


def test_a_file_that_was_taken_over_is_kept_no_longer():
    now = timezone.now()
    own = {"assembly": make_world().assembly, "language": "nl", "size": 3, "sent_at": now}
    assert is_kept(Delivery(content=b"po", **own))
    assert is_kept(Delivery(taken_at=now, **own))
    assert is_kept(Delivery(**own))  # thrown away
    assert not is_kept(Delivery(content=b"po", taken_at=now, **own))


def test_words_are_outdated_once():
    words = {"table": "topics", "row": 1, "path": "name", "since": timezone.now()}
    assert is_kept(OutdatedWords(language="nl", **words))
    assert not is_kept(OutdatedWords(language="nl", **words))
    assert is_kept(OutdatedWords(language="fr", **words))
