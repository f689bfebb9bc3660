"""Language and link marks in tagged PDF files, which WeasyPrint does not write by itself.

A voice that reads a French booklet aloud must change its language for Dutch words. WeasyPrint makes
a structure element for each box, and this adds ``/Lang`` to those whose HTML element names a
language. A word with a mark of its own inside a link gets an annotation of its own: it is tagged as
a link too, as PDF/UA asks. Both go in by a private function of a pinned version; ``pdf.verify``
refuses a file without its marks, so that a version that works otherwise is found out at once.
"""

from collections.abc import Iterator
from functools import wraps
from typing import Any

import pydyf
from weasyprint.pdf import tags


def mark_languages() -> None:
    """From now on, in this process."""
    build = tags._build_box_tree
    if getattr(build, "marks_languages", False):
        return

    @wraps(build)
    def with_languages(box: Any, *args: Any, **kwargs: Any) -> Iterator[Any]:
        inner = getattr(box, "_box", box)
        source = getattr(inner, "element", None)
        language = source.attrib.get("lang") if source is not None else None
        for element in build(box, *args, **kwargs):
            if getattr(inner, "link_annotation", None) is not None:
                element["S"] = "/Link"
            if language and getattr(inner, "element_tag", "") != "html":
                element["Lang"] = pydyf.String(language)
            yield element

    with_languages.marks_languages = True  # type: ignore[attr-defined]
    tags._build_box_tree = with_languages
