"""SLA (时限): nothing is late unnoticed.

This service hears what the others publish about a ticket and runs its clocks: each metric of a policy (response,
on_site, fix, …) against a target in a calendar's working time. It tells when a clock starts, pauses, resumes, is met or
is not needed any more, warns before a deadline and says once that it was missed. It decides nothing about the ticket.
"""
