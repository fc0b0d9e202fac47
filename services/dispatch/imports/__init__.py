"""Imports (批量导入): engineers from a file, row by row, by the command that a dispatcher gives."""
