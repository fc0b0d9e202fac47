"""Triage (研判): what is wrong, whose fault it is, how urgent. It keeps one case a ticket, tries remote support, and
authorises work on site, never paid work without the customer's consent.
"""
