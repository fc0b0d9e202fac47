"""Filters of the queue that people keep under a name: their own, and what colleagues of a role share."""
