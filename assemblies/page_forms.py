"""The form of a page with a register row: what publication would refuse, said beside the field."""

from wagtail.admin.forms import WagtailAdminPageForm


class RegisteredPageForm(WagtailAdminPageForm):
    """A draft may lack things; a publication is told at once what stands in its way."""

    def is_valid(self):
        valid = super().is_valid()
        if valid and not self.is_deferred_validation:
            for name, message in self.instance.registration_errors(self.parent_page).items():
                self.add_error(name if name in self.fields else None, message)
                valid = False
        return valid
