"""What may stand in a mesh file: one module per noun."""
