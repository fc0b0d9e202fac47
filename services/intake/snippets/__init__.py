"""Snippets: short texts of the department that agents use again and again, kept by managers."""
