"""What is still under warranty, to the day: which clause covers a component, until when, and what would change it."""
