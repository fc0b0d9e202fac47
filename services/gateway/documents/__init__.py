"""Print-outs: what the services answer the reader, on the departments' forms."""
