"""Records from a file: rows of a CSV or of a workbook, read with care, checked one by one, and put on file by a job.

It knows no business word: a service says what its columns are called and what a row means.
"""
