// The audit of GraphQL over HTTP's reference implementation: `node audit.mjs <address> <modules>`
// prints what is not as the specification has it.
import { createRequire } from "node:module";

const [, , address, modules] = process.argv;
const { auditServer } = createRequire(`${modules}/`)("graphql-http");
const results = await auditServer({ url: `${address}/graphql` });
const wrong = results.filter((each) => each.status !== "ok");
console.log(
  JSON.stringify({
    audits: results.length,
    wrong: wrong.map(({ id, name, status, reason }) => ({ id, name, status, reason })),
  }),
);
process.exit(0);
