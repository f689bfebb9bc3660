"""The one signal of the domain: upper rooms listen to it, the domain knows none of them."""

from django.dispatch import Signal

#: Sent inside the publishing transaction, once a publication, with ``numbers``: the numbers of the
#: ``Change`` rows it wrote, in order. A receiver that raises undoes the publication.
changes_recorded = Signal()
