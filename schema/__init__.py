"""The GraphQL face: types over views, edges over batch reads, and how both are served."""
