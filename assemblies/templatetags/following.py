"""The tag with which a page offers to be followed."""

from typing import Any

from django import template

from assemblies import following

register = template.Library()


@register.inclusion_tag("components/follow.html")
def follow(
    kind: str, key: object, name: object = "", css: str = "", level: str = ""
) -> dict[str, Any]:
    """One e-mail field and one button; nothing where no room sends mails.

    ``kind`` and ``key``: what is followed. ``name``: its words. ``css``: one more class.
    ``level``: ``booklets``, where a page offers to be told of these only.
    """
    return {"box": following.offered(kind, key, name, level), "css": css}
