"""The filters that come with mixer2. One module is one plugin."""
