"""Guides for people, and the pages among them that are made from the code."""
