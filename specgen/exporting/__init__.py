"""Cases for tools that judge answers by themselves."""
