"""The mutations that these tests send."""

from typing import Any

TOLD = "status id errors { code path message } warnings { code path } changes { path old new }"

PRODUCT = f"""
mutation Save(
  $input: ProductInput!, $by: ProductRef, $ifVersion: Int, $key: String, $dryRun: Boolean,
  $lists: Lists
) {{
  productUpsert(
    input: $input, by: $by, ifVersion: $ifVersion, idempotencyKey: $key, dryRun: $dryRun,
    lists: $lists
  ) {{
    {TOLD}
    product {{
      externalId slug name version status tags taxClass
      brand {{ slug }} categories {{ slug }}
      attributes {{ attribute {{ code }} values }}
      variants {{
        nodes {{ sku options {{ options {{ code }} }} prices {{ amount {{ amount }} }} }}
      }}
    }}
  }}
}}
"""
VARIANT = f"""
mutation Save(
  $input: VariantInput!, $product: ProductRef, $by: VariantRef, $ifVersion: Int, $dryRun: Boolean,
  $lists: Lists
) {{
  variantUpsert(
    input: $input, product: $product, by: $by, ifVersion: $ifVersion, dryRun: $dryRun, lists: $lists
  ) {{ {TOLD} variant {{ sku name version product {{ slug }} prices {{ amount {{ amount }} }} }} }}
}}
"""


def upsert(noun: str, kind: str, shown: str) -> str:
    """Of `productType`, with the fields `shown` of it."""
    return f"""
      mutation Save($input: {kind}Input!, $by: {kind}Ref) {{
        {noun}Upsert(input: $input, by: $by) {{ {TOLD} {noun} {{ {shown} }} }}
      }}
    """


def delete(noun: str, kind: str) -> str:
    return f"""
      mutation Delete($by: {kind}Ref!) {{
        {noun}Delete(by: $by) {{ {TOLD} {noun} {{ id }} }}
      }}
    """


def restore(noun: str, shown: str) -> str:
    return f"""
      mutation Restore($id: ID!) {{
        {noun}Restore(id: $id) {{ {TOLD} {noun} {{ {shown} }} }}
      }}
    """


def bulk(noun: str, kind: str) -> str:
    return f"""
      mutation Save($input: [{kind}Input!]!, $onError: OnError, $dryRun: Boolean) {{
        {noun}(input: $input, onError: $onError, dryRun: $dryRun) {{
          results {{ index status id externalId errors {{ code path message }} }}
          errors {{ code path message }}
        }}
      }}
    """


def places(payload: dict[str, Any]) -> list[tuple[str, str]]:
    """Code and path of each error, as one would write the path down."""
    return sorted((error["code"], ".".join(error["path"])) for error in payload["errors"])
