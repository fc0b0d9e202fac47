"""Customers' links: pages for somebody without a login, each for one purpose, without a script."""
