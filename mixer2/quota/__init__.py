"""The quota server: limits shared by all proxies, counted in Redis or in memory."""
