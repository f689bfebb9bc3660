"""The words around every page, on the translators’ desk: menu, footer, contact form.

They belong to ``home``, the desk to ``translations``; neither of the two knows the other.
"""

from typing import Any

from django.utils.text import capfirst

from home.models import FooterLink, MenuEntry, SiteFrame
from translations.tables import ListTable, Part


class FrameTable(ListTable):
    name = "frame"
    model = SiteFrame
    order = ("pk",)
    prefetched = ("menu_entries", "footer_links")
    parts = (
        Part("menu_entries", MenuEntry, "frame", ("label",), ("pk",)),
        Part("footer_links", FooterLink, "frame", ("label",), ("pk",)),
    )

    @property
    def label(self) -> str:
        return capfirst(str(SiteFrame._meta.verbose_name))

    def title(self, row: Any) -> Any:
        return self.label

    def may_write(self, user: Any, row: Any) -> bool:
        return bool(user.has_perm("home.change_siteframe"))
