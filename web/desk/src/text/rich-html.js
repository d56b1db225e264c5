import { DOMParser as ModelParser, DOMSerializer } from 'prosemirror-model';
import { schema } from './rich-schema.js';

const parser = ModelParser.fromSchema(schema);
const serializer = DOMSerializer.fromSchema(schema);

/**
 * HTML without style attributes and event handlers, which the policy of the page refuses with a report for each. The API drops
 * them too. This is no sanitiser: it only keeps the reports to what should not happen.
 */
export const withoutInline = (html) =>
  html.replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\s(?:style|on\w+)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)/gi, ''));

/** The elements of some HTML, in a document of their own that loads nothing. */
export const elements = (html) => new DOMParser().parseFromString(withoutInline(html), 'text/html').body;

export const toModel = (html) => parser.parse(elements(html));

/** HTML as the API writes it: the one paragraph of a list item goes without its tags. */
export function toHtml(model) {
  // No text at all is no page, not an empty paragraph.
  if (model.childCount === 1 && model.firstChild.type.name === 'paragraph' && model.firstChild.childCount === 0)
    return '';
  const holder = document.implementation.createHTMLDocument('').body;
  holder.append(serializer.serializeFragment(model.content, { document: holder.ownerDocument }));
  for (const item of holder.querySelectorAll('li')) {
    const [first, ...others] = item.children;
    if (first?.tagName === 'P' && others.every((other) => ['UL', 'OL'].includes(other.tagName))) {
      first.replaceWith(...first.childNodes);
    }
  }
  return holder.innerHTML;
}
