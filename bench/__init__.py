"""What a filter costs, measured in one real Envoy per variant and round."""
