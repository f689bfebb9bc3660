"""Booklets as editors prepare them, and the editions that are frozen of them."""

from booklets.models.beside import Erratum, Layer, Retraction
from booklets.models.edition import Edition, EditionFile, EditionPart, Standing
from booklets.models.page import BookletPage, Cover, Order

__all__ = [
    "BookletPage",
    "Cover",
    "Edition",
    "EditionFile",
    "EditionPart",
    "Erratum",
    "Layer",
    "Order",
    "Retraction",
    "Standing",
]
