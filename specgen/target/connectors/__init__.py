"""Elasticsearch's connector APIs, answered inside this process.

The embedded engine has none of them. What they do is, in this order: what the pages of the
connector family say; where these are silent, Elastic's OpenAPI document; where that is
silent too, what Elasticsearch 8.15 is known to do. Nothing here is evidence of how a real
cluster answers, so every answer is marked as emulated.
"""

from specgen.target.connectors.api import ConnectorApis

__all__ = ["ConnectorApis"]
