"""The REST face: `/v1`, its description and its health.

`install` gives an application everything: routes, problems and what happens to every request.
"""
