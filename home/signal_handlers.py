"""The page tree is kept in memory until the change log moves on: pages that it would not hear of.

Assemblies, cycles and recommendations write their own line when they are published.
"""

from assemblies.models import RecommendationPage
from assemblies.models.change import record_list


def note_page(sender, instance, **kwargs):
    """A home or standard page was published or deleted."""
    record_list(f"page:{instance.pk}")


def note_branch(sender, instance, **kwargs):
    """A page was unpublished or moved, and all below it with it."""
    if not isinstance(instance, RecommendationPage):
        record_list(f"page:{instance.pk}")
