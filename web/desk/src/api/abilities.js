import { post } from './post.js';

const FIELDS = `{
  query: __type(name: "Query") { fields { name } }
  mutation: __type(name: "Mutation") { fields { name } }
}`;

/** What the API of this server has: an older one lacks some sections of the desk. */
export async function loadAbilities() {
  const { query, mutation } = await post(FIELDS);
  const names = new Set([...query.fields, ...mutation.fields].map((field) => field.name));
  return { has: (...wanted) => wanted.every((name) => names.has(name)) };
}
