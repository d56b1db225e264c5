import { Schema } from 'prosemirror-model';
import { marks, nodes } from 'prosemirror-schema-basic';
import { bulletList, listItem, orderedList } from 'prosemirror-schema-list';

// What the rich text editor can hold: the part of the API's HTML that articles are usually made of. Bodies with more than
// that (tables, figures, video) are edited as source, see round-trip.js.

const image = {
  ...nodes.image,
  attrs: {
    src: {},
    alt: { default: null },
    title: { default: null },
    width: { default: null },
    height: { default: null },
  },
  parseDOM: [
    {
      tag: 'img[src]',
      getAttrs: (dom) => Object.fromEntries(Object.keys(image.attrs).map((name) => [name, dom.getAttribute(name)])),
    },
  ],
  toDOM: (node) => ['img', node.attrs],
};

/** Marks without attributes; tags after the first are read, and written as the first. */
const simple = (...tags) => ({ parseDOM: tags.map((tag) => ({ tag })), toDOM: () => [tags[0], 0] });

export const schema = new Schema({
  nodes: {
    doc: nodes.doc,
    paragraph: nodes.paragraph,
    blockquote: nodes.blockquote,
    horizontal_rule: nodes.horizontal_rule,
    heading: nodes.heading,
    code_block: nodes.code_block,
    bullet_list: { ...bulletList, group: 'block', content: 'list_item+' },
    ordered_list: { ...orderedList, group: 'block', content: 'list_item+' },
    list_item: { ...listItem, content: 'paragraph block*' },
    text: nodes.text,
    image,
    hard_break: nodes.hard_break,
  },
  marks: {
    link: marks.link,
    // Styles of pasted text are not read: the API would not keep them either.
    em: simple('em', 'i'),
    strong: simple('strong', 'b'),
    underline: simple('u'),
    strike: simple('s', 'del'),
    subscript: { ...simple('sub'), excludes: 'superscript' },
    superscript: { ...simple('sup'), excludes: 'subscript' },
    code: marks.code,
  },
});
