"""What was translated before: the same words elsewhere, to be proposed and never taken unseen.

A vote repeats the title of its act, a first step that of its measure: whoever translated one should
not have to find the same words again for the other.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.db.models.lookups import Contains

from assemblies.models import Act, Action, Measure
from translations.words import Text, by_language, has, raw

#: Where words are repeated: the fields of each model that may hold the same text.
PLACES: dict[Any, tuple[str, ...]] = {
    Action: ("title", "deadline_words", "reason_text", "what_changed"),
    Measure: ("title", "first_deadline_words"),
    Act: ("title", "reason_text", "what_changed"),
}


def known(texts: Iterable[Text], language: str) -> dict[str, str]:
    """Path → how the same original was translated elsewhere; a query a model."""
    wanted = {(text.original_language, text.original): text.path for text in texts if text.missing}
    found: dict[str, str] = {}
    if not wanted:
        return found
    for model, fields in PLACES.items():
        same = Q(pk__in=())
        for name in fields:
            for code, original in wanted:
                said = f'"{code}": {json.dumps(original)}'
                same |= Q(Contains(raw(name), said)) & has(name, language)
        rows = model.objects.filter(same, live=True).order_by("-pk")[:50]
        for values in rows.values_list(*fields):
            for there in map(by_language, values):
                for (code, original), path in wanted.items():
                    if there.get(code) == original and there.get(language):
                        found.setdefault(path, there[language])
    return found
