"""Hotlines (热线): numbers that customers call, by region, when somebody answers them, and who."""
