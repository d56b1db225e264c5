import { newPage } from './pages.js';

// What the editor types, between what the API says (`ArticleContent`) and what it takes (`ArticleContentInput`). Only fields
// that were changed are sent: what is left out stays as it is, so two people on different fields do not undo each other.

const TEXTS = ['title', 'subtitle', 'summary', 'slug', 'language', 'sourceUrl', 'canonicalUrl'];

/** The form of a new article. */
export const emptyForm = (language) => toForm({ language, pages: [] });

/** The form of what the API says. Pages that say the same as those of `before` keep their editors, and the cursor in them. */
export function toForm(content, before = []) {
  const pages = (content.pages ?? []).map(({ title, html }, index) => ({
    ...(before[index]?.html === html ? before[index] : newPage('', html)),
    title: title ?? '',
  }));
  return {
    ...Object.fromEntries(TEXTS.map((name) => [name, content[name] ?? ''])),
    pages: pages.length > 0 ? pages : [newPage()],
    channel: content.channel ?? null,
    channels: content.channels ?? [],
    tags: content.tags ?? [],
    topics: content.topics ?? [],
    authors: content.authors ?? [],
    source: content.source ?? null,
    cover: content.cover ?? null,
    gallery: content.gallery ?? [],
    attachments: content.attachments ?? [],
    related: content.related ?? [],
    unrelated: content.unrelated ?? [],
    embargoUntil: content.embargoUntil ?? null,
  };
}

const id = (thing) => thing?.id ?? null;
const ids = (things) => things.map(id);
const orNull = (text) => text?.trim() || null;

function pagesInput(pages) {
  const said = pages.map(({ title, html }) => ({ title: orNull(title), html }));
  return said.filter(({ title, html }) => title || html.trim());
}

/** The whole form as the API takes it. */
function toInput(form) {
  return {
    ...Object.fromEntries(TEXTS.map((name) => [name, orNull(form[name])])),
    pages: pagesInput(form.pages),
    channel: id(form.channel),
    channels: ids(form.channels),
    tags: form.tags,
    topics: ids(form.topics),
    authors: ids(form.authors),
    source: id(form.source),
    cover: id(form.cover),
    gallery: form.gallery.map(({ media, caption }) => ({ media: media.id, caption: orNull(caption) })),
    attachments: form.attachments.map(({ name, url, mimeType, sizeBytes }) => ({
      name,
      url,
      mimeType: orNull(mimeType),
      sizeBytes: sizeBytes ?? null,
    })),
    related: ids(form.related),
    unrelated: ids(form.unrelated),
    embargoUntil: form.embargoUntil,
  };
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** The fields of `form` that differ from `base`, as the API takes them; none if there are none. */
export function changedInput(base, form) {
  const before = toInput(base);
  const changed = Object.entries(toInput(form)).filter(([name, value]) => !same(before[name], value));
  return changed.length > 0 ? Object.fromEntries(changed) : null;
}

/** The fields as text, for comparing forms that the API has not compared. */
function texts(form) {
  const lines = (things) => things.map((thing) => thing.name ?? thing.title ?? thing).join('\n');
  return {
    ...Object.fromEntries(TEXTS.map((name) => [name, form[name]])),
    ...Object.fromEntries(
      form.pages.flatMap(({ title, html }, i) => [
        [`pages[${i}].title`, title],
        [`pages[${i}].html`, html],
      ]),
    ),
    channel: form.channel?.name,
    channels: lines(form.channels),
    tags: lines(form.tags),
    topics: lines(form.topics),
    authors: lines(form.authors),
    source: form.source?.name,
    cover: form.cover?.url,
    gallery: form.gallery.map(({ media, caption }) => `${media.url} ${caption ?? ''}`).join('\n'),
    attachments: form.attachments.map(({ name, url }) => `${name} ${url}`).join('\n'),
    related: lines(form.related),
    unrelated: lines(form.unrelated),
    embargoUntil: form.embargoUntil,
  };
}

/** What is different between two forms, as `Manuscript.diff` has it. */
export function compareForms(before, after) {
  const a = texts(before);
  const b = texts(after);
  const fields = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return fields
    .map((field) => ({ field, before: a[field] || null, after: b[field] || null }))
    .filter((change) => change.before !== change.after);
}
