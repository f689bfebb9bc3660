"""Forms of booklets: what can be chosen, and what would stand in the way of freezing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

#: Choices of several things, as boxes to tick.
CHOSEN = ("cycles", "groups", "topics", "bodies", "kinds")


class BookletPageForm(WagtailAdminPageForm):
    """Offers what belongs to the assembly or the cycle above the booklet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        from booklets.place import place_of

        place = place_of(self.parent_page)
        for name in CHOSEN:
            if name in self.fields:
                field = self.fields[name]
                field.widget = forms.CheckboxSelectMultiple()
                if place is not None:
                    field.queryset = place.choosable(name)
                field.widget.choices = field.choices
        if place is not None and place.cycle is not None and "cycles" in self.fields:
            self.fields["cycles"].help_text = _("This booklet is of one cycle.")

    def clean(self) -> Any:
        cleaned = super().clean()
        from booklets.place import place_of

        place = place_of(self.parent_page)
        number = cleaned.get("number")
        if place is not None and number and not self.is_deferred_validation:
            taken = place.taken(number, self.instance.translation_key)
            if taken:
                self.add_error("number", _("Another edition has this number."))
        return cleaned
