"""What the public pages say: from rows to the context of a template, one function a page."""

from assemblies.pages.assembly import assembly_context
from assemblies.pages.cycle import cycle_context
from assemblies.pages.recommendation import recommendation_context

__all__ = ["assembly_context", "cycle_context", "recommendation_context"]
