"""Which protocol a connection speaks, told from its first bytes."""
