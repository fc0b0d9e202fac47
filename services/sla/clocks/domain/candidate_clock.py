"""A candidate clock: a target that may be a clock's, and its history through the facts of one ticket."""

from dataclasses import dataclass
from datetime import timedelta

from services.sla.clocks.domain.segment_history import SegmentHistory
from services.sla.policies.domain.rulebook import Candidate
from services.sla.policies.domain.when import Traits, applies


@dataclass
class CandidateClock:
    """A target that may be the clock's, and its history."""

    candidate: Candidate
    course: SegmentHistory

    def level(self, traits: Traits) -> int:
        """The level of the fault, as far as it is known."""
        level = traits.get("level")
        return level if isinstance(level, int) else self.candidate.policy.level_until_classified

    def limit(self, traits: Traits) -> timedelta | None:
        """The working time allowed from the start; None where the target does not apply."""
        policy, target = self.candidate.policy, self.candidate.target
        allowed = target.allowed(self.level(traits))
        if allowed is None or not (applies(traits, policy.applies_when) and applies(traits, target.applies_when)):
            return None
        return allowed.working(self.course.calendar, self.course.started_at, target.count_from)
