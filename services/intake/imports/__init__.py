"""Imports (批量导入): customers, contracts and assets from a file, row by row, by the commands that people give."""
