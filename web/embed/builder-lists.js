// What the API can tell of what may be chosen. Nothing here is needed: without it slugs are typed, and have no names.

/** What is known so far: the name of the portal, lists that are short enough, and names by `kind/slug` or `article/id`. */
export const known = { portal: '', lists: { channel: [], topic: [], source: [] }, names: new Map() };

const keep = (kind, value, text) => known.names.set(`${kind}/${value}`, text);

/** Words, ids and slugs have neither slashes nor dots. */
export const isAddress = (text) => /[/.]/.test(text);

async function api(query, variables) {
  const response = await fetch('../graphql', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data } = await response.json();
  return data ?? {};
}

const START = `query EmbedChoices {
  site { name topics { slug title } sources { slug name } }
  channels(kind: CHANNEL) { ...Place }
  parks: channels(kind: PARK) { ...Place }
}
fragment Place on Channel { slug name parent { slug } }`;

/** Puts channels into the order of their tree. */
function inTree(channels, above, depth = 0) {
  return channels
    .filter(({ parent }) => parent?.slug === above)
    .flatMap(({ slug, name }) => [{ value: slug, text: name, depth }, ...inTree(channels, slug, depth + 1)]);
}

export async function loadChoices() {
  const { site, channels, parks } = await api(START);
  known.portal = site.name;
  known.lists = {
    channel: inTree([...channels, ...parks]),
    topic: site.topics.map(({ slug, title }) => ({ value: slug, text: title })),
    source: site.sources.map(({ slug, name }) => ({ value: slug, text: name })),
  };
  for (const [kind, list] of Object.entries(known.lists)) for (const { value, text } of list) keep(kind, value, text);
}

/** Tags are too many for a list: names that begin so, then their slugs. */
async function findTags(prefix) {
  if (!prefix) return [];
  const { suggest = [] } = await api('query($prefix: String!) { suggest(prefix: $prefix, first: 20) { kind text } }', {
    prefix: prefix.slice(0, 40),
  });
  const names = suggest.filter(({ kind }) => kind === 'TAG').map(({ text }) => text);
  if (!names.length) return [];
  const fields = names.map((_, index) => `t${index}: tag(by: { name: $n${index} }) { slug name }`).join(' ');
  const declared = names.map((_, index) => `$n${index}: String!`).join(', ');
  const tags = await api(
    `query(${declared}) { ${fields} }`,
    Object.fromEntries(names.map((name, index) => [`n${index}`, name])),
  );
  return Object.values(tags)
    .filter(Boolean)
    .map(({ slug, name }) => {
      keep('tag', slug, name);
      return { value: slug, text: name };
    });
}

/** Everything while nothing is typed, or when what has been chosen already is looked at again. */
export function findIn(kind, typed) {
  if (kind === 'tag') return findTags(typed);
  const list = known.lists[kind] ?? [];
  const words = typed.toLowerCase();
  if (!words || list.some(({ value }) => value === typed)) return list;
  return list.filter(({ value, text }) => value.includes(words) || text.toLowerCase().includes(words));
}

/** The newest, or those with the words that were typed; what is chosen already is no word. */
export async function findArticles(typed) {
  const text = known.names.has(`article/${typed}`) || isAddress(typed) ? '' : typed;
  const { articles, search } = text
    ? await api('query($query: String!) { search(query: $query, first: 8) { nodes { id title } } }', { query: text })
    : await api('{ articles(first: 8) { nodes { id title } } }');
  return (search ?? articles ?? { nodes: [] }).nodes.map(({ id, title: name }) => {
    keep('article', id, name);
    return { value: id, text: name };
  });
}

/** Learns the title of an article by its id or address. Gives its id; none if there is no such article. */
export async function nameArticle(given) {
  if (known.names.has(`article/${given}`)) return given;
  const { article } = await api('query($by: ArticleBy!) { article(by: $by) { id title } }', {
    by: isAddress(given) ? { url: given } : { id: given },
  });
  if (article) keep('article', article.id, article.title);
  return article?.id;
}

/** Learns the name of a tag. */
export async function nameTag(slug) {
  if (known.names.has(`tag/${slug}`)) return;
  const { tag } = await api('query($slug: String!) { tag(by: { slug: $slug }) { name } }', { slug });
  if (tag) keep('tag', slug, tag.name);
}
