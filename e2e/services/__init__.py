"""The parts of a mesh that are not ours: what requests go to, and what collects from it."""
