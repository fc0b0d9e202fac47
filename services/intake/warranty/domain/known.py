"""What was on file at an instant about the day asked: contracts in force, their terms, and days to start from."""

from datetime import date, datetime
from functools import cached_property

from services.intake.warranty.domain.asset import Component, Sites
from services.intake.warranty.domain.contract import Contract, StartRule, Term, Terms, amended
from services.intake.warranty.domain.question import Ask, Given


class Known:
    """The file as it was at `known_at`, all of it where that is None. Days are dates of the site."""

    def __init__(self, given: Given, ask: Ask) -> None:
        asset = given.asset
        self.given, self._known_at = given, ask.known_at
        self._day = Sites(asset, ask.known_at).day
        self.day = self._day(ask.on)
        self._until = None if ask.known_at is None else self._day(ask.known_at)
        self._card = asset.card.start_date if asset.card and self._recorded(asset.card.recorded_at) else None
        self._completion = self._happened(asset.completion_date)
        accepted = self._recorded(asset.acceptance_recorded_at)
        self.acceptance = self._happened(asset.acceptance_date) if accepted else None

    @cached_property
    def contracts(self) -> dict[str, Contract]:
        """The contracts in force, by id: those that were signed by the day."""
        return {
            contract.id: contract
            for contract in self.given.contracts
            if self._recorded(contract.signed_at) and self._day(contract.signed_at) <= self.day
        }

    @cached_property
    def components(self) -> dict[str, Component]:
        """The asset's components by id."""
        return {component.id: component for component in self.given.asset.components}

    def terms(self, contract: Contract) -> Terms:
        """A contract's terms as they were on the day."""
        return amended(
            contract.terms,
            contract.amendments,
            lambda amendment: self._recorded(amendment.known_at) and self._day(amendment.at) <= self.day,
        )

    def end(self, contract: Contract) -> date | None:
        """The day on which a contract was ended, if that day has come."""
        if contract.ended_at is None or not self._recorded(contract.ended_at):
            return None
        end = self._day(contract.ended_at)
        return end if end <= self.day else None

    def start(self, rule: StartRule, term: Term) -> date | None:
        """The day from which a term's months are counted, by a rule that needs no other contract."""
        match rule:
            case "card":
                return self._card or self._completion or self.acceptance
            case "completion":
                return self._completion or self.acceptance
            case "date":
                return term.start_date
            case _:
                return self.acceptance

    def installed(self, component: Component) -> date | None:
        """The day on which a part was put in, or taken into use."""
        return self._happened(component.installed_on)

    def taken_out(self, component: Component) -> bool:
        """Whether a part was no longer in the asset on the day."""
        out = self._happened(component.replaced_on)
        return out is not None and out <= self.day

    def to_come(self, component: Component) -> bool:
        """Whether a part that was added later was not yet in the asset on the day."""
        later = component.kind in ("replacement", "expansion")
        return later and component.installed_on is not None and component.installed_on > self.day

    def _recorded(self, at: datetime | None) -> bool:
        return self._known_at is None or at is None or at <= self._known_at

    def _happened(self, day: date | None) -> date | None:
        """A day that is recorded when it has come: before, nobody knew."""
        return day if day is None or self._until is None or day <= self._until else None
