"""A receiver that reads spans with openzipkin's model for Go."""
