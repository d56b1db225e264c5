import { elements, toHtml, toModel } from './rich-html.js';

// Whether HTML comes out of the rich text editor as it went in. What does not is edited as source, so that nothing is lost.
// Compared is what the HTML means: runs of text with their marks, in blocks with their attributes.

const MARKS = {
  A: 'a',
  EM: 'em',
  I: 'em',
  STRONG: 'strong',
  B: 'strong',
  U: 'u',
  S: 's',
  DEL: 's',
  SUB: 'sub',
  SUP: 'sup',
  CODE: 'code',
};
const BLOCKS = new Set(['P', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'BLOCKQUOTE', 'UL', 'OL', 'LI', 'PRE', 'HR']);
const ATOMS = new Set(['IMG', 'BR']);

/** The API adds `rel` to every link; `start` of 1 says nothing. */
const attributes = (element) =>
  [...element.attributes]
    .filter(({ name, value }) => name !== 'rel' && !(name === 'start' && value === '1'))
    .map(({ name, value }) => `${name}=${value}`)
    .sort()
    .join(' ');

/** The meaning of the children of `parent`: blocks, and paragraphs of what stands loose between them. */
function blocks(parent) {
  const found = [];
  let loose = [];
  const close = () => {
    const runs = tidy(loose);
    if (runs.length > 0) found.push(['P', '', runs]);
    loose = [];
  };
  for (const child of parent.childNodes) {
    if (BLOCKS.has(child.tagName)) {
      close();
      found.push(block(child));
    } else {
      inline(child, [], loose);
    }
  }
  close();
  return found;
}

function block(element) {
  const { tagName } = element;
  if (['P', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6'].includes(tagName)) {
    const runs = [];
    for (const child of element.childNodes) inline(child, [], runs);
    return [tagName, attributes(element), tidy(runs)];
  }
  if (tagName === 'PRE') {
    // The editor writes <pre><code>; both show the same.
    const isPlain = [...element.querySelectorAll('*')].every((child) => child.tagName === 'CODE');
    return [tagName, attributes(element), isPlain ? element.textContent : element.innerHTML];
  }
  return [tagName, attributes(element), blocks(element)];
}

/** Adds the runs of a node: `[marks, text]`, or `[marks, element]` for what is no text. */
function inline(node, marks, runs) {
  if (node.nodeType === Node.TEXT_NODE) {
    runs.push([marks, node.data.replace(/[ \t\r\n\f]+/g, ' ')]);
  } else if (MARKS[node.tagName] && (node.tagName !== 'A' || node.hasAttribute('href'))) {
    const mark = `${MARKS[node.tagName]} ${attributes(node)}`;
    for (const child of node.childNodes) inline(child, [...new Set([...marks, mark])].sort(), runs);
  } else if (ATOMS.has(node.tagName)) {
    runs.push([marks, `<${node.tagName} ${attributes(node)}>`, true]);
  } else if (node.nodeType === Node.ELEMENT_NODE) {
    // The editor never writes such an element: the comparison fails, as it should.
    runs.push([marks, node.outerHTML, true]);
  }
}

/** Joins neighbours with the same marks, and drops the blanks that a browser does not show. */
function tidy(runs) {
  const tidied = [];
  for (const [marks, text, isAtom = false] of runs) {
    const last = tidied.at(-1);
    const key = marks.join('|');
    if (!isAtom && last && !last.isAtom && last.key === key) last.text += text;
    else if (text) tidied.push({ key, text, isAtom });
  }
  if (tidied.length > 0 && !tidied[0].isAtom) tidied[0].text = tidied[0].text.replace(/^ /, '');
  if (tidied.length > 0 && !tidied.at(-1).isAtom) tidied.at(-1).text = tidied.at(-1).text.replace(/ $/, '');
  return tidied.filter(({ text }) => text !== '').map(({ key, text }) => [key, text]);
}

const meaning = (html) => JSON.stringify(blocks(elements(html)));

/** Whether the rich text editor can hold all of it. */
export const survives = (html) => html.trim() === '' || meaning(html) === meaning(toHtml(toModel(html)));

/** The tags of some HTML that the rich text editor does not know, for the note that says why it shows source. */
export function unknownTags(html) {
  const known = new Set([...Object.keys(MARKS), ...BLOCKS, ...ATOMS]);
  const tags = [...elements(html).querySelectorAll('*')].map(({ tagName }) => tagName).filter((tag) => !known.has(tag));
  return [...new Set(tags)].map((tag) => tag.toLowerCase());
}
