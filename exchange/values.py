"""What stands in one cell: its value, or why it has none."""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from exchange.richtext import reduced
from exchange.tables import Column


def parse(column: Column, text: str, form: str | None = None) -> Any:
    """The value of a cell; raises ``ValueError`` with the reason when it has none.

    ``form``: how the folder writes its days, where it says so.
    """
    if "\0" in text:
        raise ValueError(_("A character that no text has."))
    if not text:
        if column.required:
            raise ValueError(_("This must be given."))
        return [] if column.type == "list" else None
    given = column.constraints
    value: Any = text
    if column.type == "date":
        value = _date(text, form or "%Y-%m-%d")
    elif column.type == "integer":
        value = _number(text, int)
    elif column.type == "number":
        value = _number(text, Decimal)
    elif column.type == "boolean":
        value = _boolean(text)
    elif column.type == "list":
        separator = column.descriptor.get("delimiter", "|")
        value = [part.strip() for part in text.split(separator) if part.strip()]
        codes = column.descriptor.get("itemEnum")
        for part in value:
            if codes and part not in codes:
                raise ValueError(_("Not one of: %(codes)s.") % {"codes": ", ".join(codes)})
    elif column.html:
        value = reduced(text)
    if "maxLength" in given and len(text) > given["maxLength"]:
        raise ValueError(
            _("Too long: %(length)d characters, and at most %(most)d.")
            % {"length": len(text), "most": given["maxLength"]}
        )
    if "enum" in given and text not in given["enum"]:
        raise ValueError(_("Not one of: %(codes)s.") % {"codes": ", ".join(given["enum"])})
    if "pattern" in given and not re.fullmatch(given["pattern"], text):
        raise ValueError(_("Not of the form that is asked for."))
    if "minimum" in given and value < given["minimum"]:
        raise ValueError(_("At least %(least)s.") % {"least": given["minimum"]})
    return value


def _date(text: str, form: str) -> date:
    try:
        return datetime.strptime(text, form).date()  # noqa: DTZ007 – a day has no time zone
    except ValueError:
        raise ValueError(_("Not a day that exists.")) from None


def _number(text: str, kind: type) -> Any:
    try:
        number = kind(text)
    except (ValueError, InvalidOperation):
        raise ValueError(_("Not a number.")) from None
    if isinstance(number, Decimal) and not number.is_finite():
        raise ValueError(_("Not a number."))
    return number


def _boolean(text: str) -> bool:
    try:
        return {"true": True, "false": False}[text.lower()]
    except KeyError:
        raise ValueError(_("Neither true nor false.")) from None
