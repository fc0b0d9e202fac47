"""The house keeps its shape: who may import whom, and what must not stand in the tree."""
