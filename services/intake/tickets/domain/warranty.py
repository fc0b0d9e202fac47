"""The warranty's verdict on a ticket: asked before anything else happens, and it carries its reasons."""

from libs.events.contracts.intake.tickets import WarrantyAssessed


def assess(ticket_id: str) -> WarrantyAssessed:
    """Unknown, for no contract is on file that could cover the ticket."""
    return WarrantyAssessed(ticket_id=ticket_id, verdict="unknown", reasons=["no_contract"])
