"""Dispatch (派工): the right engineer at the agreed time, visit by visit, until the customer has signed.

It owns engineers, the job of a ticket (how many visits, and whether any is still wanted) and the work order of each
visit (《维护任务单》). It starts when triage authorises work, ends when the ticket is cancelled or a visit accepted,
and tells the others what happened on site. What people say or sign, and where they stand, are texts beside its log.
"""
