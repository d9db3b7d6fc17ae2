"""What a refusal says of the request that was refused, and how the page would say it right."""
