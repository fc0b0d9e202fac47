"""Intake (受理): one stop, one ticket. It registers customers and every contact they make, on whatever channel, says
what the warranty covers before anything else happens, and tells everybody where a ticket stands, from the news of all
services.
"""
