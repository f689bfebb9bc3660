"""The admin's pages of a booklet, below ``/admin/booklets/``; ``page``: in any language."""

from django.urls import path

from booklets import admin

app_name = "booklets_admin"
urlpatterns = [
    path("<int:page>/checklist/", admin.checklist, name="checklist"),
    path("<int:page>/freeze/", admin.freeze, name="freeze"),
    path("<int:page>/proof/", admin.proof, name="proof"),
    path("<int:page>/status/", admin.status, name="status"),
    path("<int:page>/again/", admin.again, name="again"),
    path("<int:page>/new/", admin.new, name="new"),
    path("<int:page>/words/<str:language>/", admin.words, name="words"),
    path("<int:page>/layers/<int:layer>/again/", admin.words_again, name="words_again"),
    path("<int:page>/erratum/", admin.erratum, name="erratum"),
    path("<int:page>/erratum/<int:erratum>/", admin.erratum_words, name="erratum_words"),
    path("<int:page>/withdraw/", admin.withdraw, name="withdraw"),
    path("<int:page>/withdraw/words/", admin.withdrawal_words, name="withdrawal_words"),
]
