"""The part of profile cpython that runs in the VM. Not imported by tools: the builder copies it."""
