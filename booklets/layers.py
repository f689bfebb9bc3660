"""Words of a language that followed a frozen edition: laid over it, changing nothing. Pure."""

import copy
from typing import Any

from booklets.gaps import WORDED, entries, missing_words

#: Table → name → field → the text in the layer's language; ``texts`` holds the editors' own.
LayerWords = dict[str, dict[str, Any]]


def laid_over(snapshot: dict[str, Any], layer: LayerWords, language: str) -> dict[str, Any]:
    """The snapshot with the words of a layer where it had none; nothing else is touched."""
    result = copy.deepcopy(snapshot)
    for table in WORDED:
        added = layer.get(table, {})
        for name, row in entries(result, table):
            for field, text in added.get(name, {}).items():
                said = row.get(field)
                if field in WORDED[table] and isinstance(said, dict) and not said.get(language):
                    said[language] = text
    own = layer.get("texts")
    if own and language not in result["texts"]:
        result["texts"][language] = own
    if language not in result["edition"]["languages"]:
        result["edition"]["languages"] = [*result["edition"]["languages"], language]
    return result


def only_missing(snapshot: dict[str, Any], words: LayerWords, language: str) -> LayerWords:
    """Of these words, those that the snapshot lacks in this language."""
    found: LayerWords = {}
    for table, name, field in missing_words(snapshot, language):
        text = words.get(table, {}).get(name, {}).get(field)
        if text:
            found.setdefault(table, {}).setdefault(name, {})[field] = text
    if words.get("texts") and language not in snapshot["texts"]:
        found["texts"] = words["texts"]
    return found
