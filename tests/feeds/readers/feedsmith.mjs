// Reads feeds with JavaScript's feedsmith (RSS, Atom, JSON Feed): one line of JSON for each file named, in their order.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
// The packages are where `install` put them, not beside this file.
const require = createRequire(`${process.env.FEED_TOOLS}/`);
const { decodeHTML } = require('entities');
const { parseFeed } = require('feedsmith');

const instant = (text) => (text ? new Date(text).toISOString() : null);
// feedsmith leaves HTML as HTML, and says of Atom texts which they are.
const plain = (text) => (text?.type === 'html' ? decodeHTML(text.value) : text?.value ?? null);
const enclosure = ({ url, type, length }) => ({ url, type, length: length || null });
const image = ({ media }) => (media?.thumbnails?.[0] ?? media?.contents?.find((c) => c.medium === 'image'))?.url ?? null;

const formats = {
  rss: (feed) => ({
    title: feed.title,
    items: (feed.items ?? []).map((item) => ({
      id: item.guid?.value ?? null,
      url: item.link ?? null,
      title: item.title ?? null,
      published: instant(item.pubDate),
      updated: instant(item.atom?.updated ?? item.dcterms?.modified?.[0]),
      authors: item.dc?.creators ?? [],
      categories: (item.categories ?? []).map((category) => category.name),
      summary: item.description === undefined ? null : decodeHTML(item.description),
      content_html: item.content?.encoded ?? null,
      enclosures: (item.enclosures ?? []).map(enclosure),
      image: image(item),
    })),
  }),
  atom: (feed) => ({
    title: plain(feed.title),
    items: (feed.entries ?? []).map((entry) => ({
      id: entry.id,
      url: entry.links?.find((link) => (link.rel ?? 'alternate') === 'alternate')?.href ?? null,
      title: plain(entry.title),
      published: instant(entry.published),
      updated: instant(entry.updated),
      authors: (entry.authors ?? []).map((author) => author.name),
      categories: (entry.categories ?? []).map((category) => category.label ?? category.term),
      summary: plain(entry.summary),
      content_html: entry.content?.value ?? null,
      enclosures: (entry.links ?? [])
        .filter((link) => link.rel === 'enclosure')
        .map((link) => enclosure({ ...link, url: link.href })),
      image: image(entry),
    })),
  }),
  json: (feed) => ({
    title: feed.title,
    items: (feed.items ?? []).map((item) => ({
      id: item.id,
      url: item.url ?? null,
      title: item.title ?? null,
      published: instant(item.date_published),
      updated: instant(item.date_modified),
      authors: (item.authors ?? []).map((author) => author.name),
      categories: item.tags ?? [],
      summary: item.summary ?? null,
      content_html: item.content_html ?? null,
      enclosures: (item.attachments ?? []).map((a) => enclosure({ url: a.url, type: a.mime_type, length: a.size_in_bytes })),
      image: item.image ?? null,
    })),
  }),
};

for (const path of process.argv.slice(2)) {
  const { format, feed } = parseFeed(readFileSync(path, 'utf8'));
  console.log(JSON.stringify(formats[format](feed)));
}
