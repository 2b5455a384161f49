"""The mixer: attributes, rules and policies; which fact goes to which backend, and how."""
