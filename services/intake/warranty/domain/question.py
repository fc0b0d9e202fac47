"""What is asked: whether a component was covered on a day, for a cause, as far as it was on file at some instant."""

from typing import Literal

from msgspec import Struct

from services.intake.warranty.domain.asset import Asset
from services.intake.warranty.domain.contract import Contract, Instant, Name, Product

Cause = Literal[
    "supplier_product",
    "own_workmanship",
    "customer",
    "force_majeure",
    "normal_wear",
    "unauthorised_dismantling",
    "own_transport",
    "improper_storage",
    "misuse",
    "design_defect",
    "material_defect",
    "workmanship_defect",
]

EXCLUDING: tuple[Cause, ...] = (
    "customer",
    "force_majeure",
    "unauthorised_dismantling",
    "own_transport",
    "improper_storage",
    "misuse",
)
"""Causes for which covered work is paid work (W11)."""

LATENT: tuple[Cause, ...] = (
    "design_defect",
    "material_defect",
    "workmanship_defect",
    "own_workmanship",
    "supplier_product",
)
"""Causes that latent-defect cover is for (W5)."""


class Given(Struct, frozen=True, forbid_unknown_fields=True):
    """All that is on file about an asset. `products` are the models' default terms."""

    asset: Asset
    contracts: tuple[Contract, ...]
    products: tuple[Product, ...] = ()


class Ask(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`on` is when the fault was, `known_at` when one looks: None is everything known.

    `discoverable_before_expiry`: a reasonable inspection within the warranty would have found it.
    """

    component: Name
    on: Instant
    cause: Cause | None = None
    known_at: Instant | None = None
    discoverable_before_expiry: bool | None = None
