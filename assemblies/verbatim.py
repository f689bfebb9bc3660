"""The citizens' words as the admin's text field gives them back: the same, under other marks."""

import re
from functools import cache
from typing import Any

#: What the field adds to each paragraph that it has shown.
BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')
FEATURES = ("ol", "ul")


@cache
def _converter() -> Any:
    # Imported when asked for: Wagtail 8's own needs the models, and the models need this module.
    from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

    return ContentstateConverter(features=list(FEATURES))


def without_keys(html: str) -> str:
    return BLOCK_KEY.sub("", html)


def same_words(stored: str, given: str) -> bool:
    """Whether a text that comes from the admin's form is the one that was shown in it."""
    return stored == given or _as_given_back(stored) == _as_given_back(given)


def _as_given_back(html: str) -> str:
    converter = _converter()
    return without_keys(converter.to_database_format(converter.from_database_format(html)))
