"""One small module a command: parse, call one function, print."""
