"""A cell of a CSV file that somebody opens with a spreadsheet."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a cell begins with that a spreadsheet would carry out, some in full width, too."""


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, whatever blanks are before it: an apostrophe stands first."""
    return f"'{cell}" if cell.startswith(FORMULA) or cell.lstrip().startswith(FORMULA) else cell
