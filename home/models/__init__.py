"""The rows of this room: pages, what stands around every page, and what readers write to us."""

from home.models.frame import AssemblyContact, FooterLink, MenuEntry, SiteFrame
from home.models.message import ContactMessage, MessageKind
from home.models.pages import HomePage, StandardPage

__all__ = [
    "AssemblyContact",
    "ContactMessage",
    "FooterLink",
    "HomePage",
    "MenuEntry",
    "MessageKind",
    "SiteFrame",
    "StandardPage",
]
