// Runs every server audit of the graphql-http package against a server.
// Usage: node audits.mjs http://127.0.0.1:8000/graphql
import { serverAudits } from 'graphql-http';

const url = process.argv[2];
if (!url) {
  console.error('usage: node audits.mjs URL');
  process.exit(2);
}

let passed = 0;
let failed = 0;
for (const audit of serverAudits({ url, fetchFn: fetch })) {
  let reason = null;
  try {
    const result = await audit.fn();
    if (result.status !== 'ok') reason = `HTTP ${result.response.status}: ${result.reason}`;
  } catch (error) {
    reason = `${error.message}${error.cause ? ` (${error.cause.message})` : ''}`;
  }
  if (reason === null) {
    passed += 1;
  } else {
    failed += 1;
    const level = audit.name.split(' ')[0];
    console.log(`${level.padEnd(6)} ${audit.id} ${audit.name.slice(level.length + 1)}\n       ${reason}`);
  }
}

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
