"""Create or update pipeline API.

Rendered by specgen from ingest/put-pipeline.asciidoc. Change the page, not this file.
"""

from specgen.replay import Cluster, page_of

pytestmark = page_of(
    "ingest/put-pipeline.asciidoc",
    at="6ca7b751dbba69d4 54 75 84 90 96 107 119",
)


def test_put_pipeline_script(cluster: Cluster) -> None:
    response = cluster.request(
        "PUT",
        "_ingest/pipeline/buoys",
        body='''{
  "description": "Celsius for all",
  "processors": [
    {
      "script": {
        "source": """
          if (ctx.fahrenheit != null) {
            ctx.celsius = (ctx.fahrenheit - 32) * 5 / 9;
            ctx.remove('fahrenheit');
          }
        """
      }
    },
    { "lowercase": { "field": "buoy" } }
  ]
}''',
        codes=["200", "400"],
    )
    response.matches("""{
  "acknowledged": true
}""")
    cluster.request(
        "PUT",
        "readings/_doc/1?pipeline=buoys",
        body="""{
  "buoy": "Seven-Stones",
  "fahrenheit": 50
}""",
    )
    response = cluster.request("GET", "readings/_source/1")
    response.matches("""{
  "buoy": "seven-stones",
  "celsius": 10
}""")


def test_put_pipeline_incomplete(cluster: Cluster) -> None:
    response = cluster.request(
        "PUT",
        "_ingest/pipeline/buoys?error_trace=false",
        body="""{
  "processors": [
    { "lowercase": {} }
  ]
}""",
        catch="bad_request",
        codes=["200", "400"],
    )
    response.matches("""{
  "error": {
    "root_cause": [
      {
        "type": "parse_exception",
        "reason": "[field] required property is missing",
        "property_name": "field",
        "processor_type": "lowercase"
      }
    ],
    "type": "parse_exception",
    "reason": "[field] required property is missing",
    "property_name": "field",
    "processor_type": "lowercase"
  },
  "status": 400
}""")
