"""What the values of the axes demand, as far as a database can hold it, and how it is asked for."""

from django.db import models
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from assemblies.enums import DEMANDS, VALUES, Axis

#: Demands that hold words: checked by length in the database, since look-ups on them are refused.
WORDED = {"reason_text", "what_changed", "what_is_missing"}
#: Demands of which the database can say nothing: they stand in another table.
CHILDREN = {"sources"}
CODED = {"link", "reason", "opinion_object"}

#: Every value belongs to one axis only; a test holds it.
AXIS_OF_VALUE = {value: axis.value for axis, values in VALUES.items() for value in values.values}

MESSAGES = {
    "decision_due": _("Give the day by which it will be decided."),
    "concerned_body": _("Name the body."),
    "link": _("Say whether this is new, strengthened, planned or done already."),
    "what_changed": _("Say what was changed."),
    "reason_text": _("Give the reason."),
    "reason": _("Give the code of the reason."),
    "what_is_missing": _("Say what is missing."),
    "opinion_object": _("Say what is judged."),
    "sources": _("Give the evidence: a document or a link."),
}


def demanded() -> models.Q:
    """What the values of the axes demand, as far as one row of a database can hold it."""
    met = models.Q(axis="") | models.Q(axis__in=[Axis.LEAD, Axis.DEADLINE])
    for axis, values in DEMANDS.items():
        for value, names in values.items():
            row = models.Q(axis=axis, value=value)
            for name in names:
                if name in WORDED:
                    row &= models.Q(models.lookups.GreaterThan(Length(name), 2))
                elif name in CODED:
                    row &= ~models.Q(**{name: ""})
                elif name not in CHILDREN:
                    row &= models.Q(**{f"{name}__isnull": False})
            met |= row
    return models.Q(live=False) | met


def value_of_axis() -> models.Q:
    known = models.Q(axis="", value="")
    for axis, values in VALUES.items():
        known |= models.Q(axis=axis, value__in=values.values)
    return known
