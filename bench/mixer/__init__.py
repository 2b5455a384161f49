"""The mixer against a remote check for every request, which is what Mixer V1 did."""
