"""What a row of each kind does, and the job that does it."""
