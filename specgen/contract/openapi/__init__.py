"""OpenAPI documents, and what differs between one and the pages. Fetches nothing."""
