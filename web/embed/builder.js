import {
  COLOURS,
  SANDBOX,
  USUAL,
  address,
  first,
  fromHash,
  height,
  isColour,
  isComplete,
  loaderCode,
  longColour,
  plainCode,
  poorContrasts,
  toHash,
  variablesCode,
} from './builder-code.js';
import { makeCombobox } from './builder-combobox.js';
import { findArticles, findIn, isAddress, known, loadChoices, nameArticle, nameTag } from './builder-lists.js';

// The page where webmasters make the code that they paste. What is chosen stands in the address after `#`, so that it can be sent
// to somebody.

const { base, integrity } = document.documentElement.dataset;
const byId = (id) => document.getElementById(id);
const form = byId('form');
const view = byId('view');

let state = fromHash(location.hash);

const isEnglish = () => state.ui === 'en';
const say = (chinese, english) => (isEnglish() ? english : chinese);

/** Sets a text if it is another: what is written again is read out again. */
function write(id, text) {
  const element = byId(id);
  if (element.textContent !== text) element.textContent = text;
}

// What is chosen has a name

const kindOfSlug = () => (state.scope === 'placement' ? 'channel' : state.scope);
const nameOfSlug = () => known.names.get(`${kindOfSlug()}/${state.slug}`);
const nameOfArticle = () => known.names.get(`article/${state.article}`);

/** For those who listen to the page, and for the link that stands in for the block. */
function title() {
  const usual = state.lang === 'en' ? 'News' : '新闻';
  if (state.kind === 'card') return nameOfArticle() ?? usual;
  if (state.heading) return state.heading;
  const list = nameOfSlug() || known.portal || usual;
  if (state.kind === 'list') return list;
  return state.lang === 'en' ? `Most read: ${list}` : `点击排行：${list}`;
}

// What is seen

function missing() {
  if (state.kind === 'card') return say('请选择一篇文章。', 'Choose an article.');
  return state.scope === 'placement'
    ? say('请填写推荐位名称。', 'Give the name of the block.')
    : say('请选择一个，或填写它的 slug。', 'Choose one, or type its slug.');
}

/** A frame of its own for each address: another address in the same frame would be a step of the browser's history. */
function showPreview() {
  const stage = byId('stage');
  stage.dataset.ground = state.ground;
  if (!isComplete(state)) {
    stage.replaceChildren();
    write('size', missing());
    return;
  }
  // From this server, whatever it calls itself: the page's policy allows no other.
  const src = new URL(`./${address(state)}`, location.href).href;
  let frame = stage.querySelector('iframe');
  if (frame?.src !== src) {
    frame = Object.assign(document.createElement('iframe'), {
      sandbox: SANDBOX,
      referrerPolicy: 'strict-origin',
      frameBorder: 0,
      src,
    });
    stage.replaceChildren(frame);
  }
  Object.assign(frame, { title: title(), width: state.width, height: height(state) });
  write('size', say(`高 ${height(state)} 像素，任何宽度都不变`, `${height(state)} pixels high at any width`));
}

function showCode() {
  const isDone = isComplete(state);
  const facts = { base, integrity, title: title() };
  for (const [id, code] of Object.entries({ plain: plainCode, loader: loaderCode })) {
    write(id, isDone ? code(state, facts) : missing());
    document.querySelector(`[data-copy=${id}]`).disabled = !isDone;
  }
  write('variables', variablesCode(state));
  const { origin } = new URL(base);
  write('policy', `frame-src ${origin}; script-src ${origin}`);
}

function showFields() {
  const shown = [state.kind];
  if (state.kind !== 'card' && state.scope === 'placement') shown.push('slot');
  if (state.kind !== 'card' && state.scope !== 'site') shown.push('slug');
  for (const field of form.querySelectorAll('[data-for]')) {
    field.hidden = !field.dataset.for.split(' ').some((part) => shown.includes(part));
  }
  // What editors have put together has no ranking.
  const placement = form.elements.scope.querySelector('[value=placement]');
  placement.hidden = state.kind === 'ranking';
  placement.disabled = placement.hidden;
  write(
    'slug-label',
    state.scope === 'placement'
      ? say('频道的名称或 slug（不填为全站）', 'Channel: name or slug (empty: the portal)')
      : say('哪一个：名称或 slug', 'Which: name or slug'),
  );
  write('slug-name', nameOfSlug() ?? '');
  write('article-name', nameOfArticle() ?? '');
  for (const output of form.querySelectorAll('output')) output.textContent = `${state[output.htmlFor.value]} px`;
}

function showColours() {
  for (const [name, [, , light, dark]] of Object.entries(COLOURS)) {
    const usual = state.theme === 'dark' ? dark : light;
    form.elements[name].placeholder = usual;
    byId(`${name}-picker`).value = longColour(isColour(state[name]) ? state[name] : usual);
  }
  const list = poorContrasts(state).map(({ design, name, ratio }) => {
    const [chinese, english] = COLOURS[name];
    const where = design === 'light' ? say('浅色', 'light') : say('深色', 'dark');
    return say(`${where}时“${chinese}”为 ${ratio.toFixed(1)}`, `${english} in ${where}: ${ratio.toFixed(1)}`);
  });
  const text = say(
    `对比度低于 4.5，不易辨认：${list.join('，')}。`,
    `Hard to read, contrast below 4.5: ${list.join(', ')}.`,
  );
  write('contrast', list.length ? text : '');
}

/** The words of the page are its own in Chinese; the English ones stand beside them. */
function showLanguage() {
  document.documentElement.lang = isEnglish() ? 'en' : 'zh-Hans';
  for (const element of document.querySelectorAll('[data-en]')) {
    element.dataset.zh ??= element.textContent.trim().replace(/\s*\n\s*/g, '');
    element.textContent = isEnglish() ? element.dataset.en : element.dataset.zh;
  }
  for (const [attribute, name] of Object.entries({ placeholder: 'Placeholder', 'aria-label': 'Label' })) {
    for (const element of document.querySelectorAll(`[data-en-${name.toLowerCase()}]`)) {
      element.dataset[`zh${name}`] ??= element.getAttribute(attribute);
      element.setAttribute(attribute, element.dataset[(isEnglish() ? 'en' : 'zh') + name]);
    }
  }
  for (const [name, [chinese, english]] of Object.entries(COLOURS)) {
    write(`${name}-label`, say(chinese, english));
    byId(`${name}-picker`).setAttribute('aria-label', say(`${chinese}：选色`, `${english}: choose`));
  }
  const other = byId('language');
  other.textContent = isEnglish() ? '中文' : 'English';
  other.lang = isEnglish() ? 'zh-Hans' : 'en';
}

function show() {
  showFields();
  showColours();
  showPreview();
  showCode();
}

// What is done

let waiting;

/** Takes a change over. What is typed is shown when the fingers rest. */
function change(changed, isTyping = false) {
  state = { ...state, ...changed };
  const hash = toHash(state);
  history.replaceState(null, '', hash ? `#${hash}` : location.pathname + location.search);
  clearTimeout(waiting);
  waiting = setTimeout(show, isTyping ? 250 : 0);
}

function makeColours() {
  for (const [name, [chinese, , light]] of Object.entries(COLOURS)) {
    const label = Object.assign(document.createElement('label'), { id: `${name}-label`, htmlFor: name });
    label.textContent = chinese;
    const text = Object.assign(document.createElement('input'), {
      id: name,
      name,
      maxLength: 7,
      pattern: '#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})',
      spellcheck: false,
    });
    const picker = Object.assign(document.createElement('input'), {
      id: `${name}-picker`,
      type: 'color',
      value: light,
    });
    picker.addEventListener('input', () => {
      text.value = picker.value;
      change({ [name]: picker.value }, true);
    });
    byId('colours').append(label, text, picker);
  }
}

/** Puts what is chosen into the fields. */
function fill() {
  for (const [name, value] of Object.entries(state)) {
    const field = form.elements[name] ?? view.elements[name];
    if (field) field.value = value;
  }
}

/** Asks for names that are not known yet. Without an answer what was typed stands for itself. */
async function learn() {
  const { kind, scope, slug, article } = state;
  if (kind === 'card' && article) await nameArticle(article).catch(() => {});
  else if (kind !== 'card' && scope === 'tag' && slug) await nameTag(slug).catch(() => {});
  else return;
  show();
}

function takeInput({ target }) {
  if (!(target.name in USUAL) || target.getAttribute('role') === 'combobox') return;
  const changed = { [target.name]: target.value.trim() };
  const isBlock = state.scope === 'placement' && changed.kind === 'ranking';
  if (isBlock) changed.scope = 'site';
  if (changed.scope) changed.slug = '';
  change(changed, ['text', 'number', 'range'].includes(target.type));
  if (changed.scope) fill();
}

async function copy(button) {
  const code = byId(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(code.textContent);
  } catch {
    // Clipboards need a secure context; a selection does not.
    getSelection().selectAllChildren(code);
    document.execCommand('copy');
  }
  button.textContent = say('已复制', 'Copied');
  write('spoken', say('代码已复制。', 'The code is copied.'));
  setTimeout(() => {
    button.textContent = say('复制', 'Copy');
    write('spoken', '');
  }, 2000);
}

function reset() {
  const { ui, width, ground } = state;
  change({ ...USUAL, ui, width, ground });
  fill();
}

function takeSlug(slug, isTyping) {
  if (state.slug !== slug) change({ slug }, isTyping);
  if (!isTyping) learn();
}

/** Words are there to find with, and an address may be an old one: code has the id. */
async function takeArticle(typed, isTyping) {
  if (isTyping) return;
  let article = /^[\w-]*$/.test(typed) ? typed : '';
  if (isAddress(typed)) {
    article = (await nameArticle(typed).catch(() => '')) ?? '';
    if (article) form.elements.article.value = article;
  }
  if (state.article !== article) change({ article });
  learn();
}

makeColours();
makeCombobox(form.elements.slug, { find: (typed) => findIn(kindOfSlug(), typed), take: takeSlug });
makeCombobox(form.elements.article, { find: findArticles, take: takeArticle });

form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('input', takeInput);
document.querySelector('.tools').addEventListener('input', takeInput);
form.elements.first.addEventListener('change', ({ target }) => {
  target.value = first(state);
  change({ first: target.value });
});
byId('language').addEventListener('click', () => {
  change({ ui: isEnglish() ? 'zh' : 'en' });
  showLanguage();
});
byId('reset').addEventListener('click', reset);
for (const button of document.querySelectorAll('[data-copy]')) button.addEventListener('click', () => copy(button));
addEventListener('hashchange', () => {
  state = fromHash(location.hash);
  fill();
  showLanguage();
  show();
  learn();
});

fill();
showLanguage();
show();
learn();
await loadChoices().catch(() => {});
if (known.portal) write('portal', known.portal);
show();
