from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BookletsConfig(AppConfig):
    name = "booklets"
    verbose_name = _("Booklets")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import pre_delete, pre_save
        from wagtail.signals import pre_page_move

        from assemblies import additions, routing
        from assemblies.models import AssemblyPage, CyclePage
        from assemblies.sharing import sitemap
        from booklets import guards, joins, models, signal_handlers

        for page in (AssemblyPage, CyclePage):
            page.subpage_types.append("booklets.BookletPage")
        routing.SERVING_BELOW.add("booklets.bookletpage")
        additions.register("assembly", joins.on_assembly)
        additions.register("cycle", joins.on_cycle)
        additions.register("open data", joins.on_open_data)
        sitemap.HIDDEN.append(joins.hidden_keys)
        sitemap.ROWS["sheets"] = (joins.sheets, joins.of_sheets)
        for model in (
            *(models.Edition, models.EditionPart, models.EditionFile),
            *(models.Layer, models.Erratum, models.Retraction),
        ):
            pre_save.connect(guards.refuse_raw_change, sender=model)
            pre_delete.connect(guards.refuse_deletion, sender=model)
        pre_delete.connect(signal_handlers.keep_page, sender=models.BookletPage)
        pre_page_move.connect(signal_handlers.keep_in_place)
