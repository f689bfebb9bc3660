"""What the forms of public pages check: sent from here, by a person, and not by the hundred.

No public form sets a cookie, so none can carry a token that a cookie is compared with. Browsers say
where a form comes from; a stamp says when it was shown; a keyed hash says from which network it
came, for a day. None of the three can tell who sent it.
"""

import time
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from axes.helpers import get_client_ip_address
from django.core import signing
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac


def from_here(request: HttpRequest) -> bool:
    """Whether a form was sent from a page of this site.

    Browsers say so in ``Sec-Fetch-Site`` and ``Origin``, which no page can forge; where a browser
    says neither, the ``Referer`` must. This takes the place of a token, which needs a cookie.
    """
    fetched = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if fetched is not None and fetched != "same-origin":
        return False
    own = f"{request.scheme}://{request.get_host()}"
    if origin is not None and origin != "null":
        return origin == own
    if fetched is not None:
        return True
    came = urlsplit(request.headers.get("Referer", ""))
    return f"{came.scheme}://{came.netloc}" == own


def network_of(request: HttpRequest, purpose: str) -> str:
    """Whence, as a keyed hash of the network and the day: to count by, and of no other use.

    ``purpose``: which form counts; the same network has another hash elsewhere.
    """
    address = get_client_ip_address(request)
    network = "unknown"
    if address:
        wide = 24 if ip_address(address).version == 4 else 56
        network = str(ip_network(f"{address}/{wide}", strict=False))
    day = timezone.now().date().isoformat()
    return salted_hmac(purpose, f"{day} {network}").hexdigest()


def new_stamp(purpose: str) -> str:
    """The moment at which a form was shown, signed."""
    return signing.Signer(salt=purpose).sign(str(int(time.time())))


def age(purpose: str, stamp: str) -> int | None:
    """For how many seconds a form has been open; None where the stamp is not ours."""
    try:
        return int(time.time()) - int(signing.Signer(salt=purpose).unsign(stamp))
    except (signing.BadSignature, ValueError):
        return None
