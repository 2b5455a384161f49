"""The commands of `mixer2`: one module each, named as the command."""
