/** Sends one GraphQL request to the server that serves the playground. */
export async function fetcher({ query, operationName, variables }, { headers } = {}) {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/graphql-response+json, application/json',
      ...headers,
    },
    body: JSON.stringify({ query, operationName, variables }),
  });
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    const status = `HTTP ${response.status} ${response.statusText}`.trim();
    return { errors: [{ message: `${status}: ${text.slice(0, 500)}` }] };
  }
}
