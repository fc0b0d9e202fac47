"""What is asked of an asset's file."""

from dataclasses import dataclass
from datetime import date

from libs.events.contracts.intake.assets import AssetPart, Days, Identity, Site


@dataclass(frozen=True, slots=True)
class InstallAsset:
    """Put an asset on file."""

    asset_id: str
    customer_id: str
    identity: Identity
    site: Site
    days: Days
    parts: tuple[AssetPart, ...]
    contracts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DateAsset:
    """Put days on file that a warranty may start from; None: that one stays as it is."""

    asset_id: str
    days: Days


@dataclass(frozen=True, slots=True)
class IssueCard:
    """Give the owner a warranty card; without a number it has one of the day and the asset's id."""

    asset_id: str
    number: str | None = None


@dataclass(frozen=True, slots=True)
class CoverAsset:
    """Bring the asset under a contract."""

    asset_id: str
    contract_id: str


@dataclass(frozen=True, slots=True)
class MoveAsset:
    """It stands at another site since the command happened."""

    asset_id: str
    site: Site


@dataclass(frozen=True, slots=True)
class ReplacePart:
    """A part was taken out on a day, and perhaps another put in for it."""

    asset_id: str
    part_id: str
    taken_out_on: date
    by: AssetPart | None = None


@dataclass(frozen=True, slots=True)
class ExpandAsset:
    """A part was added that replaces none."""

    asset_id: str
    part: AssetPart


@dataclass(frozen=True, slots=True)
class UseSpare:
    """A spare is in use since a day, perhaps in place of another part, which was taken out."""

    asset_id: str
    part_id: str
    used_on: date
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class RetireAsset:
    """It is in use no more since the command happened."""

    asset_id: str


@dataclass(frozen=True, slots=True)
class ConsultAsset:
    """Look at the asset and change nothing: a story that depends on it asks so."""


AssetCommand = (
    InstallAsset
    | DateAsset
    | IssueCard
    | CoverAsset
    | MoveAsset
    | ReplacePart
    | ExpandAsset
    | UseSpare
    | RetireAsset
    | ConsultAsset
)
