"""The published language: a module a concept of each service, holding every event that the others may hear.

Pure, and versioned.

Nothing here is personal data: people's words, names, signatures and positions are texts beside the log of the service
that took them, and an event carries their ids (`…_id`).
"""
