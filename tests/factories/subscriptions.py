"""Those who follow: addresses, and what they follow."""

from typing import Any

from django.utils import timezone

from assemblies import directory
from subscriptions import matching, things
from subscriptions.enums import Followable, Running, Standing
from subscriptions.models import Address, Followed, Subscription, fingerprint

KINDS = {
    "Topic": Followable.TOPIC,
    "Body": Followable.BODY,
    "Assembly": Followable.ASSEMBLY,
    "Cycle": Followable.CYCLE,
    "Recommendation": Followable.RECOMMENDATION,
    "Measure": Followable.MEASURE,
}


def make_address(email: str = "lea@example.org", **fields: Any) -> Address:
    """A confirmed address, made once for each e-mail."""
    if found := Address.objects.filter(fingerprint=fingerprint(email)).first():
        return found
    now = timezone.now()
    defaults = {"languages": "fr", "standing": Standing.CONFIRMED, "confirmed_at": now}
    return Address.objects.create(
        email=email, fingerprint=fingerprint(email), **{**defaults, **fields}
    )


def make_followed(thing: Any) -> Followed:
    """The row of a followed thing, made once for each; a text is a search (``q=eau``)."""
    if isinstance(thing, str):
        return things.kept(things.from_code(directory.current(), f"search:{thing}"))
    kind = KINDS[type(thing).__name__]
    if found := Followed.objects.filter(kind=kind, key=thing.pk).first():
        return found
    known = matching.snapshot(directory.current(), kind, thing.pk)
    return Followed.objects.create(kind=kind, key=thing.pk, known=known)


def follow(thing: Any, email: str = "lea@example.org", **fields: Any) -> Subscription:
    """A running subscription from now on. ``address`` may be given instead of ``email``."""
    address = fields.pop("address", None) or make_address(email)
    upto = matching.last_number()
    defaults = {
        "standing": Running.ACTIVE,
        "watermark": upto,
        "everything_from": upto,
        "confirmed_at": timezone.now(),
    }
    return Subscription.objects.create(
        address=address, followed=make_followed(thing), **{**defaults, **fields}
    )
