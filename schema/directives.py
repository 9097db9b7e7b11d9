"""`@inContext`: in which channel, locale and currency an operation is answered."""

from typing import Annotated, Any

import strawberry
from graphql import (
    GraphQLSchema,
    OperationDefinitionNode,
    get_directive_values,
    get_variable_values,
)
from strawberry import UNSET, argument
from strawberry.directive import DirectiveLocation


@strawberry.directive(
    name="inContext",
    locations=[DirectiveLocation.QUERY, DirectiveLocation.MUTATION],
    description="In which context the operation is answered; what is not given is the default "
    "channel's. `Accept-Language` is heard where no locale is given.",
)
def in_context(
    channel: Annotated[str | None, argument(description="Code of a channel.")] = UNSET,
    locale: Annotated[str | None, argument(description="A language tag of BCP 47.")] = UNSET,
    currency: Annotated[str | None, argument(description="A currency code of ISO 4217.")] = UNSET,
) -> None:
    """Read before execution (`asked`); there is nothing to do at a field."""


def asked(
    schema: GraphQLSchema, operation: OperationDefinitionNode, variables: dict[str, Any]
) -> dict[str, str | None]:
    """The directive's arguments as the operation gives them, variables put in; none where the
    variables do not fit their types, which execution will tell."""
    if not operation.directives:
        return {}
    values = get_variable_values(schema, operation.variable_definitions or (), variables)
    if isinstance(values, list):
        return {}
    directive = schema.get_directive("inContext")
    assert directive is not None, "the schema defines it"
    return get_directive_values(directive, operation, values) or {}
