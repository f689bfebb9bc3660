"""The desk in the admin: the list, the form, files, and pages through wagtail-localize."""
