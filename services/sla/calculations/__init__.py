"""Calculations: when time limits would be due for a start and pauses that somebody names, without a ticket."""
