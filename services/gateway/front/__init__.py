"""The built front: its page for every address, and its files."""
