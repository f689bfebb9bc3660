"""What stands in one cell: its value, or why it has none."""

import json
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from exchange import days
from exchange.problems import nearest
from exchange.richtext import plain, reduced
from exchange.tables import Column

#: Characters that no text has: XML, and so every feed, refuses them.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: White space around a cell, also where it has no width.
PADDING = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\u200b\u2060\ufeff"
#: How spreadsheets and people say it in the languages around us; besides what a folder declares.
TRUE = {"true", "yes", "ja", "oui", "vrai", "waar", "wahr", "1"}
FALSE = {"false", "no", "nee", "non", "faux", "onwaar", "nein", "falsch", "0"}
#: A spreadsheet's own limit is 32,767 characters.
LONGEST_HTML = 200_000
SPACED = re.compile(r"(?<=\d)[ \u00a0\u202f\u2009'’](?=\d{3}(?!\d))")
#: A number by its decimal sign: thousands may be parted by the other one.
NUMBERS = {
    ".": re.compile(r"([+-]?(?:\d+|[1-9]\d{0,2}(?:,\d{3})+))(?:\.(\d+))?", re.ASCII),
    ",": re.compile(r"([+-]?(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+))(?:,(\d+))?", re.ASCII),
}
LONGEST_NUMBER = 40

Parser = Callable[[str], Any]
#: Looks at a value and at what stands in its cell; raises ``ValueError`` with the reason.
Check = Callable[[Any, str], None]


def parser(column: Column, declared: dict[str, Any], hint: Any = None) -> Parser:
    """What makes a value of a column's cell, or raises ``ValueError`` with the reason.

    ``declared``: what the folder says of the column. ``hint``: what the cells of the column show
    where it says nothing: the decimal sign of a number, the order of a day.
    """
    parse = _parser(column, declared, hint)
    given = column.constraints
    checks = [check(given[name]) for name, check in CHECKS.items() if name in given]

    def value_of(text: str) -> Any:
        if CONTROL.search(text):
            raise ValueError(_("A character that no text has."))
        value = parse(text)
        if value is not None:
            for check in checks:
                check(value, text)
        return value

    return value_of


def _parser(column: Column, declared: dict[str, Any], hint: Any) -> Parser:
    match column.type:
        case "date":
            form = declared.get("format")
            if form and form != "any":
                return lambda text: days.declared(text, form)
            return lambda text: days.parsed(text, hint or days.First.DAY)
        case "integer":
            return lambda text: _whole(_number(text, declared, hint))
        case "number":
            return lambda text: _number(text, declared, hint)
        case "boolean":
            return lambda text: _boolean(text, declared)
        case "list":
            codes = column.descriptor.get("itemEnum", ())
            if declared.get("type") == "array":
                return lambda text: _items(_array(text), codes)
            separator = declared.get("delimiter") or column.descriptor.get("delimiter", "|")
            return lambda text: _items(text.split(separator), codes)
    if column.html:
        marks = column.descriptor["html"] != "lists"
        return lambda text: _html(text, marks=marks)
    if declared and not declared.get("html"):
        return lambda text: text
    return lambda text: plain(text) if "<" in text or "&" in text else text


def decimal_sign(texts: Iterable[str]) -> str | None:
    """The decimal sign that the numbers of a column show; None when they show none, or two."""
    signs: set[str] = set()
    for text in texts:
        found = list(_readings(text))
        if len(found) == 1:
            signs.add(found[0])
    return signs.pop() if len(signs) == 1 else None


def _readings(text: str) -> dict[str, Decimal]:
    """What a number may mean, by its decimal sign; one that has none means the same by both."""
    found: dict[str, Decimal] = {}
    text = SPACED.sub("", text)
    if len(text) > LONGEST_NUMBER:
        return found
    for sign, pattern in NUMBERS.items():
        if parts := pattern.fullmatch(text):
            whole = parts[1].replace(",", "").replace(".", "")
            found[sign] = Decimal(f"{whole}.{parts[2]}" if parts[2] else whole)
    return found


def _number(text: str, declared: dict[str, Any], sign: str | None) -> Decimal:
    if declared.get("bareNumber") is False:
        text = re.sub(r"^[^\d+-]+|[^\d]+$", "", text)
    if group := declared.get("groupChar"):
        text = text.replace(group, "")
    found = _readings(text)
    if declared_sign := declared.get("decimalChar"):
        if declared_sign not in NUMBERS:
            found = _readings(text.replace(declared_sign, "."))
            declared_sign = "."
        # Where the sign is declared, nothing else but spaces parts thousands unless it is, too.
        if re.search(r"[.,]", text.replace(declared_sign, "", 1)):
            found = {}
        found = {each: value for each, value in found.items() if each == declared_sign}
    elif sign and sign in found:
        return found[sign]
    values = set(found.values())
    if len(values) > 1:
        raise ValueError(
            _("Is this %(one)s or %(other)s? Write it without signs between thousands.")
            % {"one": f"{min(values).normalize():f}", "other": f"{max(values):f}"}
        )
    if not values:
        raise ValueError(_("Not a number."))
    return values.pop()


def _whole(number: Decimal) -> int:
    if number != int(number):
        raise ValueError(_("Not a whole number."))
    return int(number)


def _boolean(text: str, declared: dict[str, Any]) -> bool:
    for value, name in [(True, "trueValues"), (False, "falseValues")]:
        if text in declared.get(name, ()):
            return value
    said = text.lower()
    if said not in TRUE | FALSE:
        raise ValueError(_("Neither true nor false."))
    return said in TRUE


def _array(text: str) -> list[str]:
    try:
        found = json.loads(text)
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            raise TypeError
    except (ValueError, TypeError, RecursionError):
        raise ValueError(_("Not a list in JSON, as it is declared.")) from None
    return found


def _items(parts: list[str], codes: Iterable[str]) -> list[str]:
    """What is said twice is said once."""
    items = list(dict.fromkeys(item for part in parts if (item := part.strip(PADDING))))
    for item in items:
        if codes and item not in codes:
            raise ValueError(
                _("“%(code)s” is not one of: %(codes)s.")
                % {"code": item, "codes": ", ".join(codes)}
                + nearest(item, codes)
            )
    return items


def _html(text: str, *, marks: bool) -> str | None:
    _at_most_long(LONGEST_HTML)(text, text)
    return reduced(text, marks=marks) or None


def _at_most_long(most: int) -> Check:
    def check(value: Any, text: str) -> None:
        length = len(value) if isinstance(value, str) else len(text)
        if length > most:
            raise ValueError(
                _("Too long: %(length)d characters, and at most %(most)d.")
                % {"length": length, "most": most}
            )

    return check


def _one_of(codes: list[str]) -> Check:
    def check(value: Any, text: str) -> None:
        if value not in codes:
            raise ValueError(
                _("Not one of: %(codes)s.") % {"codes": ", ".join(codes)} + nearest(text, codes)
            )

    return check


def _of_form(pattern: str) -> Check:
    form = re.compile(pattern)

    def check(value: Any, text: str) -> None:
        if not form.fullmatch(text):
            raise ValueError(_("Not of the form that is asked for."))

    return check


def _at_least(least: int) -> Check:
    def check(value: Any, text: str) -> None:
        if value < least:
            raise ValueError(_("At least %(least)s.") % {"least": least})

    return check


def _at_most(most: int) -> Check:
    def check(value: Any, text: str) -> None:
        if value > most:
            raise ValueError(_("At most %(most)s.") % {"most": most})

    return check


#: What a schema may demand, and what checks it.
CHECKS: dict[str, Callable[[Any], Check]] = {
    "maxLength": _at_most_long,
    "enum": _one_of,
    "pattern": _of_form,
    "minimum": _at_least,
    "maximum": _at_most,
}
