"""The published language: what readers of our events hold in their hands keeps its promises."""
