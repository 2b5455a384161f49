"""Where scenarios happen: every part of a mesh, as processes or as containers."""
