// Starts GraphiQL on the address it was loaded from; ?query=, ?variables= and ?operationName= fill it.

const EXAMPLE = `# Ctrl+Enter runs it.
{
  products(first: 5, sort: [{ field: NAME }]) {
    totalCount
    nodes {
      name
      slug
      brand { name }
      available
      priceRange {
        min { amount currency }
        max { amount currency }
      }
      variants(first: 3) {
        nodes {
          sku
          options { attribute { name } values }
          price { amount currency }
        }
      }
    }
  }
}
`;

const given = new URLSearchParams(location.search);

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: location.pathname }),
    defaultQuery: EXAMPLE,
    query: given.get("query") ?? undefined,
    variables: given.get("variables") ?? undefined,
    operationName: given.get("operationName") ?? undefined,
    shouldPersistHeaders: false,
  }),
);
