// Asks one query three times with Apollo Client's link for persisted queries, and prints what was sent.
// node apollo.mjs <address of the shop> <folder with node_modules> <query>
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [address, modules, query] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${modules}/`));
const load = (name) => import(pathToFileURL(require.resolve(name)));
const { ApolloClient, HttpLink, InMemoryCache, gql } = await load("@apollo/client");
const { PersistedQueryLink } = await load("@apollo/client/link/persisted-queries");

const sent = [];
const watched = async (url, options) => {
  const response = await fetch(url, options);
  const body = options.method === "POST" ? JSON.parse(options.body) : {};
  sent.push([options.method, "query" in body, response.status, response.headers.get("cache-status")]);
  return response;
};
const hashed = new PersistedQueryLink({
  sha256: (text) => createHash("sha256").update(text).digest("hex"),
  useGETForHashedQueries: true,
});
const client = new ApolloClient({
  cache: new InMemoryCache(),
  link: hashed.concat(new HttpLink({ uri: `${address}/graphql`, fetch: watched })),
});
const data = [];
for (let time = 0; time < 3; time += 1) {
  data.push((await client.query({ query: gql(query), fetchPolicy: "no-cache" })).data);
}
console.log(JSON.stringify({ sent, data }));
