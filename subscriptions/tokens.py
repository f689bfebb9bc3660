"""The links in mails: signed, each for one purpose and one address, most of them for a time.

A token holds the number of a row and the key that was drawn for the address, never the address. It
is as short as it can be: ``List-Unsubscribe`` must stay on one line.
"""

import datetime

from django.core import signing

from subscriptions.enums import Frequency
from subscriptions.models import UNCONFIRMED_DAYS, Address, Mail

#: A link to what somebody follows opens it for so long; each mail brings a new one.
MANAGE_DAYS = 180
#: A link says by a number which rhythm it ends.
RHYTHMS = list(Frequency.values)


class Expired(Exception):
    """The link was ours and is too old. ``address`` is None where the address is erased."""

    def __init__(self, address: Address | None) -> None:
        super().__init__()
        self.address = address


class Unknown(Exception):
    """Not a link of ours, or one to an address that is erased."""


def for_confirming(address: Address) -> str:
    return _sign("confirm", f"{address.pk}.{address.key}")


def for_managing(address: Address) -> str:
    return _sign("manage", f"{address.pk}.{address.key}")


def for_stopping(address: Address, frequency: str) -> str:
    """For ``List-Unsubscribe``: one rhythm of one address. It never expires."""
    place = RHYTHMS.index(frequency)
    return _signer("stop").sign(f"{address.pk}.{address.key}.{place}")


def for_reading(mail: Mail) -> str:
    return _signer("read").sign(f"{mail.pk}.{mail.message_id[:8]}")


def confirming(token: str) -> Address:
    return _address(_value("confirm", token, UNCONFIRMED_DAYS))


def managing(token: str) -> Address:
    return _address(_value("manage", token, MANAGE_DAYS))


def stopping(token: str) -> tuple[Address | None, str]:
    """The address, None where it is erased (nothing is sent to it any more), and the rhythm."""
    try:
        value = _signer("stop").unsign(token)
        place = int(value.rsplit(".", 1)[1])
    except (signing.BadSignature, ValueError, IndexError):
        raise Unknown from None
    return _there(value), RHYTHMS[place]


def reading(token: str) -> Mail:
    """The mail that a link shows in the browser."""
    try:
        key, start = _signer("read").unsign(token).split(".")
    except (signing.BadSignature, ValueError):
        raise Unknown from None
    mail = Mail.objects.filter(pk=int(key), message_id__startswith=start).first()
    if mail is None:
        raise Expired(None)
    return mail


def _signer(purpose: str) -> signing.Signer:
    return signing.Signer(salt=f"subscriptions.{purpose}")


def _sign(purpose: str, value: str) -> str:
    return signing.TimestampSigner(salt=f"subscriptions.{purpose}").sign(value)


def _value(purpose: str, token: str, days: int) -> str:
    signer = signing.TimestampSigner(salt=f"subscriptions.{purpose}")
    try:
        return signer.unsign(token, max_age=datetime.timedelta(days=days))
    except signing.SignatureExpired:
        raise Expired(_there(signer.unsign(token))) from None
    except signing.BadSignature:
        raise Unknown from None


def _there(value: str) -> Address | None:
    key, drawn, *_more = value.split(".")
    return Address.objects.filter(pk=int(key), key=drawn).first()


def _address(value: str) -> Address:
    found = _there(value)
    if found is None:
        raise Unknown
    return found
