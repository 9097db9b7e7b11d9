"""Queries executed breadth-first: a field of a level is read for all objects of the level at once.

    executor = Executor(schema, source_of)
    prepared = Prepared(document)                        # once for a validated document
    plan = executor.plan(prepared, operation_name, variables)
    data = await plan.run(context, root) if plan else …

`source_of(type, name, field)` says where the values of a field come from: an `attribute` or another
`Plain` function of each object, a resolver for `Each` that takes arguments or waits, or one `Level`
read for all of them. Where it says None, and for everything else that is not understood here
(mutations, introspection, foreign directives), there is no plan; whatever goes wrong in a run
raises. Either way the operation is graphql-core's, from the start: data here is what it would have
answered, and errors are only told by it.

Types must tell their values by class: `is_type_of` and `resolve_type` are asked once for each.
"""

from schema.breadth.executor import Executor, Plan
from schema.breadth.plan import Prepared
from schema.breadth.sources import Each, Level, Plain, Source, attribute
from schema.breadth.values import Unfit

__all__ = ["Each", "Executor", "Level", "Plain", "Plan", "Prepared", "Source", "Unfit", "attribute"]
