// What a webmaster has chosen, as an address and as code to paste. No page and no network in here: state in, text out.

/** Names of the colours in Chinese and English, and what they are in the light and in the dark design: see frame.css. */
export const COLOURS = {
  accent: ['强调', 'Accent', '#a3352b', '#f0968c'],
  background: ['背景', 'Background', '#ffffff', '#1e2125'],
  text: ['文字', 'Text', '#1d2023', '#e4e6e9'],
  muted: ['次要文字', 'Lesser text', '#5d6267', '#a3aab3'],
  border: ['线条', 'Lines', '#dcdcd7', '#363b42'],
};

const colourNames = Object.keys(COLOURS);

/** What is chosen unless somebody chooses otherwise; the server has the same in mind. */
export const USUAL = {
  kind: 'list',
  scope: 'site',
  slug: '',
  slot: '',
  article: '',
  first: '10',
  window: 'week',
  contract: '',
  heading: '',
  theme: 'auto',
  lang: 'zh',
  ...Object.fromEntries(colourNames.map((name) => [name, ''])),
  radius: '0',
  'font-size': '16',
  width: '320',
  ground: 'light',
  ui: 'zh',
};

const CHOICES = {
  kind: ['list', 'ranking', 'card'],
  scope: ['site', 'channel', 'tag', 'topic', 'source', 'placement'],
  window: ['hour', 'day', 'week', 'month', 'all'],
  theme: ['auto', 'light', 'dark'],
  lang: ['zh', 'en'],
  width: ['320', '480', '100%'],
  ground: ['light', 'dark'],
  ui: ['zh', 'en'],
};

/** The state that `hash` tells of; what it does not know is as usual. */
export function fromHash(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const read = ([name, usual]) => {
    const value = given.get(name) ?? usual;
    return [name, CHOICES[name]?.includes(value) === false ? usual : value];
  };
  return Object.fromEntries(Object.entries(USUAL).map(read));
}

// Slashes are allowed in queries, and easier to read.
const query = (entries) => new URLSearchParams(entries).toString().replaceAll('%2F', '/');

/** What is not as usual. */
export const toHash = (state) => query(Object.entries(state).filter(([name, value]) => value !== USUAL[name]));

/** As in v1.js: links open tabs and a script tells the height; without an origin there are no cookies. */
export const SANDBOX = 'allow-scripts allow-popups allow-popups-to-escape-sandbox';

/** Longer lists are no block any more. */
const MOST = 30;

/** The value of `of`; empty while it lacks its slug. */
function scopeOf({ scope, slug, slot }) {
  if (scope === 'site') return 'site';
  if (scope !== 'placement') return slug && `${scope}/${slug}`;
  return slot && (slug ? `channel/${slug}/placement/${slot}` : `placement/${slot}`);
}

export const isComplete = (state) => Boolean(state.kind === 'card' ? state.article : scopeOf(state));
export const isColour = (value) => /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(value);

const within = (value, least, most, usual) => Math.min(Math.max(Math.round(Number(value)) || usual, least), most);
export const first = (state) => within(state.first, 1, MOST, 10);
const fontSize = (state) => within(state['font-size'], 12, 20, 16);

/** In the order of v1.js: both kinds of code ask for the same. */
function parameters(state) {
  const isCard = state.kind === 'card';
  const all = {
    of: isCard ? '' : scopeOf(state),
    first: isCard ? '' : String(first(state)),
    window: state.kind === 'ranking' ? state.window : '',
    article: isCard ? state.article : '',
    contract: state.contract,
    heading: isCard ? '' : state.heading,
    theme: state.theme,
    lang: state.lang,
    ...Object.fromEntries(colourNames.map((name) => [name, isColour(state[name]) ? state[name] : ''])),
    radius: String(within(state.radius, 0, 24, 0)),
    'font-size': String(fontSize(state)),
  };
  const told = ['of', 'first', 'window'];
  return Object.entries(all).filter(([name, value]) => value && (told.includes(name) || value !== USUAL[name]));
}

/** Of the block, in pixels, at any width: see frame.css. */
export function height(state) {
  const size = fontSize(state);
  return state.kind === 'card' ? 104 + 6 * size : 92 + first(state) * (12 + 4 * size);
}

/** Below `/embed/`. */
export const address = (state) => `${state.kind}?${query(parameters(state))}`;

const escaped = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const attributes = (entries) => entries.map(([name, value]) => ` ${name}="${escaped(String(value))}"`).join('');

/** Works without script. `title` is what the block is called for those who listen. */
export function plainCode(state, { base, title }) {
  const frame = {
    src: `${base}/embed/${address(state)}`,
    title,
    width: '100%',
    height: height(state),
    frameborder: 0,
    loading: 'lazy',
    referrerpolicy: 'strict-origin',
    sandbox: SANDBOX,
  };
  return `<iframe${attributes(Object.entries(frame))}></iframe>`;
}

/**
 * The script may come after the page is drawn, and a strict policy of the page allows no style: the drawing is the one element that
 * is as high as the block to come, has a link in it, and needs neither.
 */
export function loaderCode(state, { base, title, integrity }) {
  const href = escaped(`${base}/embed/${address(state)}`);
  const link = `<a href="${href}"><text y="20" fill="currentColor">${escaped(title)}</text></a>`;
  return [
    `<script src="${base}/embed/v1.js" integrity="${integrity}" crossorigin="anonymous" async></script>`,
    `<tidings-embed${attributes([['kind', state.kind], ...parameters(state)])}>`,
    `  <svg width="100%" height="${height(state)}">${link}</svg>`,
    '</tidings-embed>',
  ].join('\n');
}

/** The colours that are chosen, for a style sheet. */
export function variablesCode(state) {
  const chosen = colourNames.filter((name) => isColour(state[name]));
  const lines = (chosen.length ? chosen : ['accent']).map(
    (name) => `  --tidings-${name}: ${state[name] || COLOURS[name][2]};`,
  );
  return `tidings-embed {\n${lines.join('\n')}\n}`;
}

/** `#rrggbb`. */
export const longColour = (colour) =>
  colour.length === 4 ? `#${[...colour.slice(1)].map((digit) => digit + digit).join('')}` : colour;

/** Relative luminance (WCAG 2.2). */
function luminance(colour) {
  const [r, g, b] = longColour(colour)
    .match(/\w\w/g)
    .map((pair) => {
      const part = parseInt(pair, 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Texts whose contrast is below 4.5 (WCAG 2.2, 1.4.3) in one of the designs that readers may get. */
export function poorContrasts(state) {
  const designs = { auto: ['light', 'dark'], light: ['light'], dark: ['dark'] }[state.theme];
  const colour = (name, design) => (isColour(state[name]) ? state[name] : COLOURS[name][design === 'light' ? 2 : 3]);
  return designs
    .flatMap((design) =>
      ['accent', 'text', 'muted'].map((name) => {
        const pair = [luminance(colour(name, design)), luminance(colour('background', design))];
        return { design, name, ratio: (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05) };
      }),
    )
    .filter(({ ratio }) => ratio < 4.5);
}
