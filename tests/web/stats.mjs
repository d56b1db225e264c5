// Works through the page of what is read on a running server, in a real browser.
// Usage: node stats.mjs http://127.0.0.1:8000 SCREENSHOT_DIR LOGIN PASSWORD
// The login must have the permission stats:read. A password that works once is replaced by that of desk.mjs. A view is sent: run it
// against a demo. The browser is /usr/bin/chromium unless CHROMIUM names another.
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { check, faultList, finish, launch, listen, photographFailures, watchPolicy } from './check.mjs';
import { STATS } from '../../web/stats/src/documents.js';
import { words } from '../../web/stats/src/words.js';

const [base, screenshots, login, givenPassword] = process.argv.slice(2);
if (!base || !screenshots || !login || !givenPassword) {
  console.error('usage: node stats.mjs BASE_URL SCREENSHOT_DIR LOGIN PASSWORD');
  process.exit(2);
}
const origin = new URL(base).origin;
const address = `${origin}/stats`;
const passwordOfDesk = 'a password for the desk';
let password = givenPassword;
const policy = (await readFile(new URL('../../web/stats/csp.txt', import.meta.url), 'utf8')).trim();
await mkdir(screenshots, { recursive: true });

/** Chinese text of the page. */
const zh = (name, values = {}) => words[name][0].replace(/\{(\w+)\}/g, (_, key) => values[key] ?? '');

let page;
photographFailures(screenshots, () => page);

/** What must not happen at any time, by kind. */
const faults = faultList('requests beside the page and the API');

async function newContext(options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1360, height: 900 },
    colorScheme: 'light',
    locale: 'zh-CN',
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(10_000);
  await watchPolicy(context);
  return context;
}

/** Opens a tab; `mock(request)` may answer operations in the server's place. */
async function openTab(context, { hash = '', mock } = {}) {
  const tab = await context.newPage();
  tab.asked = [];
  tab.answers = [];
  listen(tab, faults);
  tab.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin || !/^\/(stats|graphql)(\/|$)/.test(url.pathname)) {
      faults['requests beside the page and the API'].push(request.url());
    }
    if (url.pathname === '/graphql') tab.asked.push(request.postDataJSON());
  });
  tab.on('requestfinished', async (request) => {
    if (!isStats(request.postDataJSON() ?? { query: '' })) return;
    const answer = await request.response().then((it) => it.json()).catch(() => undefined);
    if (answer?.data) tab.answers.push({ variables: request.postDataJSON().variables, data: answer.data });
  });
  if (mock) {
    await tab.route('**/graphql', async (route) => {
      const answer = await mock(route.request().postDataJSON(), route);
      if (answer === 'handled') return;
      if (answer) await route.fulfill({ json: answer });
      else await route.continue();
    });
  }
  tab.response = await tab.goto(address + hash);
  return tab;
}

const isStats = ({ query }) => query.includes('viewStats');
const isStart = ({ query }) => query.startsWith('query Start');

/** Asks the API beside the page. */
async function api(query, variables, token) {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
  });
  const answer = await response.json();
  assert.equal(answer.errors, undefined, JSON.stringify(answer.errors));
  return answer.data;
}

/** Tries until it holds: figures move while they are compared. */
async function eventually(body, milliseconds = 12_000) {
  const end = Date.now() + milliseconds;
  for (;;) {
    try {
      return await body();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

let token;
const usual = { hours: 24, window: 'WEEK', by: 'VIEWS', scope: null };
const ask = () => api(STATS, usual, token);

/** The newest answer that the tab got to these variables: figures move, so what it draws is compared with what it was told. */
function told(tab, variables = {}) {
  const { data } = tab.answers.at(-1);
  assert.deepEqual(tab.answers.at(-1).variables, { ...usual, ...variables });
  return data;
}

const screenshot = (shown, name, options) => shown.screenshot({ path: join(screenshots, `${name}.png`), ...options });
const ready = (shown) => shown.locator('[data-status=live]').waitFor();
const points = (shown) =>
  shown
    .locator('[data-point]')
    .evaluateAll((all) =>
      all.map(({ dataset }) => ({ at: dataset.at, views: Number(dataset.views), excluded: Number(dataset.excluded) })),
    );
const listed = (shown) =>
  shown.locator('.ranking tbody tr').evaluateAll((rows) => rows.map((row) => row.dataset.article));
const figure = async (shown, name) =>
  Number((await shown.locator(`[data-figure=${name}]`).innerText()).replace(/[^\d.]/g, ''));
const overflow = (shown) =>
  shown.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
const nextAnswer = (shown) => shown.waitForResponse((it) => isStats(it.request().postDataJSON() ?? { query: '' }));
const sum = (list) => list.reduce((total, { views }) => total + views, 0);
const choose = (shown, name, value) => shown.locator(`[data-choice=${name}] input[value="${value}"]`).check();

/** Contrast of every text and every line of the drawings with what is behind it, where it is too small. */
const poorContrast = (shown) =>
  shown.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const rgba = (colour) => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
      return [r, g, b, a / 255];
    };
    const over = ([r, g, b, a], ground) => [r, g, b].map((value, index) => value * a + ground[index] * (1 - a));
    const groundOf = (element) => {
      const layers = [];
      for (let at = element; at; at = at.parentElement) layers.unshift(rgba(getComputedStyle(at).backgroundColor));
      return layers.reduce((ground, layer) => over(layer, ground), [255, 255, 255]);
    };
    const light = (colour) => {
      const [r, g, b] = colour.map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
    const poor = [];
    let measured = 0;
    const measure = (element, colour, wanted, what) => {
      const ground = groundOf(element);
      const found = ratio(over(rgba(colour), ground), ground);
      measured += 1;
      if (found < wanted) poor.push(`${what}: ${found.toFixed(2)} of ${wanted}`);
    };
    for (const element of document.querySelectorAll('body *')) {
      const style = getComputedStyle(element);
      const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
      const box = element.getBoundingClientRect();
      if (!hasText || box.width < 2 || style.clipPath !== 'none' || element.closest('.skip, noscript, option'))
        continue;
      const isSvg = element instanceof SVGElement;
      const size = parseFloat(style.fontSize);
      const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      measure(
        element,
        isSvg ? style.fill : style.color,
        isLarge ? 3 : 4.5,
        `${element.tagName}.${element.getAttribute('class')} "${element.textContent.slice(0, 20)}"`,
      );
    }
    for (const name of ['.line-views', '.line-excluded', '.bar', '.spark-line']) {
      const element = document.querySelector(name);
      const style = getComputedStyle(element);
      measure(element, style.stroke === 'none' ? style.fill : style.stroke, 3, name);
    }
    return { poor, measured };
  });

// Answers that are always the same.

const at = (hour) => `2026-05-17T${String(hour).padStart(2, '0')}:00:00+08:00`;
const calmHours = Array.from({ length: 24 }, (_, hour) => ({ at: at(hour), views: 0, excluded: [] }));
const calmHistory = calmHours.map(({ at: time }) => ({ at: time, views: 0 }));

const entry = (id, rank, previousRank, isNew, more = {}) => ({
  rank,
  previousRank,
  isNew,
  views: 100 - rank,
  score: 10 / rank,
  history: calmHistory.map((it, index) => ({ ...it, views: index % 5 })),
  article: { id, title: `文章 ${id}`, url: `${origin}/a/${id}`, channel: { name: '氢能' }, ...more },
});

function invented(entries, { views = 0, excluded = [], list = {} } = {}) {
  const ranking = { window: 'WEEK', by: 'VIEWS', isFallback: false, channel: null, entries, ...list };
  const hours = calmHours.map((it, hour) => (hour === 12 ? { ...it, views, excluded } : it));
  return { data: { viewStats: { views, excluded, hours }, top: ranking, field: { entries } } };
}

const browser = await launch();

try {
  const context = await newContext();
  page = await openTab(context);

  await check('the page is served with the policy of web/stats/csp.txt', () => {
    assert.equal(page.response.status(), 200);
    assert.equal(page.response.headers()['content-security-policy'], policy);
    assert.doesNotMatch(policy, /unsafe-|data:|https?:/);
  });

  await check('the page is one script, one style sheet and one icon, below 100 kB, without inline parts', async () => {
    const files = await page.evaluate(() =>
      [...document.querySelectorAll('script[src], link[href]')].map((it) => it.src || it.href),
    );
    assert.equal(files.length, 3);
    let bytes = 0;
    for (const file of files) bytes += (await page.request.get(file).then((it) => it.body())).length;
    assert.ok(bytes < 100_000, `${bytes} bytes`);
    const html = await page.response.text();
    assert.doesNotMatch(html, /style=|<style|onload=|<script(?![^>]*src)/);
  });

  await check('who has not signed in is asked to', async () => {
    await page.getByRole('heading', { name: zh('stats') }).waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'zh-Hans');
    assert.deepEqual(page.asked, [], 'nothing is asked for at the door');
    await screenshot(page, 'sign-in');
    await page.locator('input[autocomplete=username]').fill(login);
    await page.locator('input[autocomplete=current-password]').fill('not the password');
    await page.keyboard.press('Enter');
    await page.locator('[role=alert]', { hasText: zh('signIn.wrong') }).waitFor();
  });

  await check('signing in leads to the figures', async () => {
    await page.locator('input[autocomplete=current-password]').fill(password);
    await page.keyboard.press('Enter');
    const fresh = page.locator('input[autocomplete=new-password]');
    await fresh.or(page.locator('[data-status=live]')).waitFor();
    if (await fresh.isVisible()) {
      password = passwordOfDesk;
      await fresh.fill(password);
      await page.keyboard.press('Enter');
    }
    await ready(page);
    const { signIn } = await api(
      'mutation($input: SignInInput!) { signIn(input: $input) { tokens { accessToken } userErrors { message } } }',
      { input: { login, password } },
    );
    token = signIn.tokens.accessToken;
  });

  await check('the session is the desk’s: another tab has it too', async () => {
    const stores = await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
    assert.deepEqual(stores, ['tidings-desk']);
    const second = await openTab(context);
    await ready(second);
    assert.equal(await second.locator('form').count(), 0);
    await second.close();
  });

  await check('the curve has 24 points, whose sum is what the API says', () =>
    eventually(async () => {
      const shown = await points(page);
      const { viewStats } = told(page);
      assert.equal(shown.length, 24);
      assert.deepEqual(
        shown,
        viewStats.hours.map((it) => ({ at: it.at, views: it.views, excluded: sum(it.excluded) })),
      );
      assert.equal(sum(shown), viewStats.views);
      assert.equal(await figure(page, 'views'), viewStats.views);
      assert.equal(await figure(page, 'excluded'), sum(viewStats.excluded));
      const all = viewStats.views + sum(viewStats.excluded);
      const share = all > 0 ? (100 * sum(viewStats.excluded)) / all : 0;
      assert.ok(Math.abs((await figure(page, 'share')) - share) < 0.06);
    }),
  );

  await check('its line ends where the last hour is, and the largest hour is the highest', async () => {
    const { views, top, line } = await page.evaluate(() => ({
      views: [...document.querySelectorAll('[data-point]')].map((it) => Number(it.dataset.views)),
      top: document.querySelector('.plot .line-views:not(.unfinished)').getBBox().y,
      line: [
        ...document
          .querySelector('.plot .line-views:not(.unfinished)')
          .getAttribute('d')
          .matchAll(/([\d.]+) ([\d.]+)(?=C|$)/g),
      ].map(([, x, y]) => ({ x: Number(x), y: Number(y) })),
    }));
    assert.equal(line.length, 23, 'the last hour is not over and drawn apart');
    const whole = views.slice(0, 23);
    const highest = line.reduce((best, point, index) => (point.y < line[best].y ? index : best), 0);
    assert.equal(whole[highest], Math.max(...whole));
    assert.ok(Math.abs(line[highest].y - top) < 0.5, 'the line rises above its own figures');
  });

  await check('the table beside the curve says the same', async () => {
    await page.locator('.as-table summary').click();
    const cells = page.locator('.numbers tbody tr');
    await eventually(async () => {
      assert.equal(await cells.count(), 24);
      const shown = await points(page);
      const texts = await cells.evaluateAll((rows) =>
        rows.map((row) => row.children[1].textContent.replace(/\D/g, '')),
      );
      assert.deepEqual(
        texts.map(Number).reverse(),
        shown.map(({ views }) => views),
      );
    });
    assert.notEqual(await page.locator('.numbers caption').innerText(), '');
    await page.locator('.as-table summary').click();
  });

  const inOrder = (variables) =>
    eventually(async () => {
      const shown = await listed(page);
      const { top } = told(page, variables);
      assert.deepEqual(
        shown,
        (top?.entries ?? []).map(({ article }) => article.id),
      );
    }, 20_000);

  await check('the list is that of the API', async () => {
    await inOrder({});
    await eventually(async () => {
      const shown = await page.locator('.ranking tbody .views').allInnerTexts();
      const { top } = told(page);
      assert.deepEqual(
        shown.map((it) => Number(it.replace(/\D/g, ''))),
        top.entries.map(({ views }) => views),
      );
      const links = await page
        .locator('.ranking tbody a')
        .evaluateAll((all) => all.map((it) => it.getAttribute('href')));
      assert.deepEqual(
        links,
        top.entries.map(({ article }) => article.url),
      );
    });
  });

  await screenshot(page, 'light', { fullPage: true });

  for (const window of ['HOUR', 'DAY', 'MONTH', 'ALL', 'WEEK']) {
    await check(`the window ${window} is asked for and shown`, async () => {
      const answer = nextAnswer(page);
      await choose(page, 'window', window);
      assert.equal((await answer).request().postDataJSON().variables.window, window);
      await inOrder({ window });
      assert.match(page.url(), new RegExp(`window=${window}`));
    });
  }

  for (const by of ['TRENDING', 'FRESH', 'VIEWS']) {
    await check(`the order ${by} is asked for and shown`, async () => {
      const answer = nextAnswer(page);
      await choose(page, 'by', by);
      assert.equal((await answer).request().postDataJSON().variables.by, by);
      await inOrder({ by });
      assert.match(await page.locator('.ranking caption').textContent(), new RegExp(zh(`ranking.by.${by}`)));
    });
  }

  await check('a channel is asked for and shown, also after a reload', async () => {
    const select = page.locator('[data-choice=scope] select');
    const channel = await select.locator('option').nth(1).getAttribute('value');
    const answer = nextAnswer(page);
    await select.selectOption(channel);
    assert.deepEqual((await answer).request().postDataJSON().variables.scope, { channel });
    await inOrder({ scope: { channel } });
    await page.reload();
    await ready(page);
    assert.equal(await select.inputValue(), channel);
    await inOrder({ scope: { channel } });
    await select.selectOption('');
    await inOrder({});
  });

  await check('seven days have 168 points', async () => {
    await choose(page, 'hours', '168');
    await eventually(async () => {
      const shown = await points(page);
      const { viewStats } = told(page, { hours: 168 });
      assert.equal(shown.length, 168);
      assert.equal(sum(shown), viewStats.views);
    });
    await screenshot(page, 'week');
    await choose(page, 'hours', '24');
    await eventually(async () => assert.equal((await points(page)).length, 24));
  });

  await check('a view that is sent shows up within 10 s, without a reload', async () => {
    await page.evaluate(() => {
      globalThis.isSamePage = true;
    });
    const { top } = await ask();
    const id = top.entries[0].article.id;
    const before = { all: await figure(page, 'views'), last: sum((await points(page)).slice(-2)) };
    // An agent of its own, since a visitor counts once in half an hour.
    const agent = `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.${Date.now() % 100_000}.0 Safari/537.36`;
    const response = await fetch(`${origin}/v/${id}`, { method: 'POST', headers: { 'User-Agent': agent } });
    assert.equal(response.status, 204);
    await eventually(async () => {
      assert.ok((await figure(page, 'views')) > before.all, `still ${before.all}`);
      assert.ok(sum((await points(page)).slice(-2)) > before.last);
    }, 10_000);
    assert.equal(await page.evaluate(() => globalThis.isSamePage), true);
  });

  await check('each refresh is one operation, about every 5 s', async () => {
    page.asked.length = 0;
    await page.waitForTimeout(11_000);
    assert.ok(page.asked.length >= 2 && page.asked.length <= 3, `${page.asked.length} operations`);
    assert.ok(page.asked.every(isStats));
  });

  await check('nothing is asked for while the tab is hidden, or while it is paused', async () => {
    const hide = (isHidden) =>
      page.evaluate((value) => {
        Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
        document.dispatchEvent(new Event('visibilitychange'));
      }, isHidden);
    await hide(true);
    await page.waitForTimeout(500);
    page.asked.length = 0;
    await page.waitForTimeout(6_000);
    assert.equal(page.asked.length, 0);
    await hide(false);
    await eventually(() => assert.equal(page.asked.length, 1), 2_000);
    await page.locator('[data-tool=pause]').click();
    await page.locator('[data-status=paused]').waitFor();
    await page.waitForTimeout(500);
    page.asked.length = 0;
    await page.waitForTimeout(6_000);
    assert.equal(page.asked.length, 0);
    await page.locator('[data-tool=pause]').click();
    await ready(page);
  });

  await check('the curve’s points are reached by keys, and say what they have', async () => {
    await page.locator('h1').click();
    let found = false;
    for (let i = 0; i < 20 && !found; i += 1) {
      await page.keyboard.press('Tab');
      found = await page.evaluate(() => document.activeElement.hasAttribute('data-point'));
    }
    assert.ok(found, 'not reached by Tab');
    const now = () => page.evaluate(() => Number(document.activeElement.dataset.point));
    assert.equal(await now(), 23);
    assert.equal(await page.locator('[data-point][tabindex="0"]').count(), 1, 'one stop is enough');
    await page.keyboard.press('ArrowLeft');
    assert.equal(await now(), 22);
    const tip = page.locator('.tip');
    await tip.waitFor();
    const point = page.locator('[data-point="22"]');
    const views = Number(await point.getAttribute('data-views')).toLocaleString('zh-Hans');
    assert.match(await tip.innerText(), new RegExp(views));
    assert.match(await point.getAttribute('aria-label'), new RegExp(views));
    await nextAnswer(page);
    await page.waitForTimeout(200);
    assert.equal(await now(), 22, 'a refresh takes the focus');
    assert.ok(await tip.isVisible(), 'a refresh closes the text');
    await page.keyboard.press('Home');
    assert.equal(await now(), 0);
    await page.keyboard.press('Escape');
    assert.ok(await tip.isHidden());
    await page.keyboard.press('End');
    assert.equal(await now(), 23);
    await screenshot(page, 'keyboard');
  });

  await check('the pointer shows an hour, also across a refresh', async () => {
    await page.locator('h1').click();
    const box = await page.locator('.plot').boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.locator('.tip').waitFor();
    const text = await page.locator('.tip-time').innerText();
    await nextAnswer(page);
    await page.waitForTimeout(200);
    assert.equal(await page.locator('.tip-time').innerText(), text);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height + 300);
    await page.locator('.tip').waitFor({ state: 'hidden' });
  });

  await check('headings, captions and names are there for those who listen', async () => {
    const found = await page.evaluate(() => ({
      headings: [...document.querySelectorAll('h1, h2, h3')].map((it) => it.tagName).join(' '),
      captions: [...document.querySelectorAll('table')].map((it) => it.caption?.textContent ?? ''),
      drawings: [...document.querySelectorAll('svg')].filter(
        (it) => !it.getAttribute('aria-label') && it.getAttribute('aria-hidden') !== 'true',
      ).length,
      inputs: [...document.querySelectorAll('input, select')].filter((it) => it.labels.length === 0).length,
      ids: [...document.querySelectorAll('[id]')].map((it) => it.id),
      inline: document.querySelectorAll('[onclick], script:not([src]), style').length,
    }));
    assert.match(found.headings, /^H1 H2 H2 H2 H3 H3 H2$/);
    assert.equal(found.drawings, 0);
    assert.equal(found.inputs, 0);
    assert.equal(found.inline, 0);
    assert.equal(new Set(found.ids).size, found.ids.length, 'an id stands twice');
    assert.equal(found.captions.length, 2);
    assert.notEqual(found.captions.at(-1), '');
  });

  for (const scheme of ['light', 'dark']) {
    await check(`contrast is enough in ${scheme}`, async () => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.locator('[data-point="12"]').focus();
      await page.waitForTimeout(300);
      const { poor, measured } = await poorContrast(page);
      assert.ok(measured > 60, `only ${measured} texts`);
      assert.deepEqual(poor, []);
      await screenshot(page, `${scheme}-point`, { fullPage: true });
    });
  }
  await page.emulateMedia({ colorScheme: 'light' });

  await check('language and appearance can be chosen and are kept', async () => {
    await page.locator('[data-tool=language]').click();
    await page.getByRole('heading', { level: 1, name: 'What is read' }).waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    assert.equal(await page.evaluate(() => document.activeElement.dataset.tool), 'language');
    await page.locator('[data-tool=theme]').click();
    await page.locator('[data-tool=theme]').click();
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
    await page.reload();
    await ready(page);
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
    await screenshot(page, 'dark-english', { fullPage: true });
    const { poor } = await poorContrast(page);
    assert.deepEqual(poor, []);
    await page.locator('[data-tool=theme]').click();
    await page.locator('[data-tool=language]').click();
    await page.getByRole('heading', { level: 1, name: zh('stats') }).waitFor();
  });

  await check('360 pixels are enough, in both languages', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    for (const name of ['360', '360-english']) {
      await page.waitForTimeout(400);
      await page.locator('[data-point="20"]').focus();
      assert.ok((await overflow(page)) <= 0, `${await overflow(page)} pixels too wide`);
      await screenshot(page, name, { fullPage: true });
      await page.locator('[data-tool=language]').click();
    }
    await page.setViewportSize({ width: 1360, height: 900 });
  });

  // From here on answers are invented.

  async function withMock(mock, body, options) {
    const kept = page;
    page = await openTab(context, { mock, ...options });
    try {
      await body(page);
    } finally {
      await page.close();
      page = kept;
    }
  }
  const always = (answer) => (operation) => (isStats(operation) ? answer : null);

  await check('movements have the right sign, and words', () =>
    withMock(
      always(
        invented(
          [
            entry('A', 1, 4, false),
            entry('B', 2, 1, false),
            entry('C', 3, null, true),
            entry('D', 4, 4, false),
            entry('E', 5, null, false),
            entry('F', 6, 17, false),
          ],
          { views: 12 },
        ),
      ),
      async (tab) => {
        await ready(tab);
        const shown = await tab
          .locator('.ranking .movement')
          .evaluateAll((all) => all.map((it) => [it.firstChild.textContent, it.lastChild.textContent]));
        assert.deepEqual(shown, [
          ['▲3', zh('movement.up', { count: 3 })],
          ['▼1', zh('movement.down', { count: 1 })],
          [zh('movement.newMark'), zh('movement.new')],
          ['=', zh('movement.same')],
          ['–', zh('movement.unknown')],
          ['▲11', zh('movement.up', { count: 11 })],
        ]);
        const movers = (kind) =>
          tab.locator(`[data-movers=${kind}] li`).evaluateAll((all) => all.map((it) => it.dataset.article));
        assert.deepEqual(await movers('up'), ['F', 'A']);
        assert.deepEqual(await movers('new'), ['C']);
        await screenshot(tab, 'movements');
      },
    ),
  );

  await check('what is shown in place of an empty list is named', () =>
    withMock(
      always(
        invented([entry('A', 1, null, false)], {
          list: { isFallback: true, window: 'MONTH', channel: { id: 'X', name: '储能' } },
        }),
      ),
      async (tab) => {
        const notice = tab.locator('.top .notice');
        await notice.waitFor();
        assert.match(await notice.innerText(), /近 1 小时.*“储能”.*近 30 天/);
        await screenshot(tab, 'fallback');
      },
      { hash: '#window=HOUR' },
    ),
  );

  await check('an empty portal says so in every block', () =>
    withMock(always(invented([])), async (tab) => {
      await ready(tab);
      for (const text of [
        zh('curve.none', { range: zh('curve.last24') }),
        zh('ranking.none'),
        zh('movers.noneUp'),
        zh('movers.noneNew'),
        zh('excluded.none', { range: zh('curve.last24') }),
      ]) {
        assert.ok(await tab.getByText(text, { exact: true }).isVisible(), text);
      }
      assert.equal(await tab.locator('[data-point]').count(), 24);
      assert.equal(await tab.locator('[data-figure=share]').innerText(), '0%');
      await screenshot(tab, 'empty', { fullPage: true });
    }),
  );

  await check('every reason has its bar, its number and its explanation', () =>
    withMock(
      always(
        invented([entry('A', 1, 1, false)], {
          views: 100,
          excluded: [
            { reason: 'ROBOT', views: 60 },
            { reason: 'REPEAT', views: 30 },
            { reason: 'BURST', views: 10 },
          ],
        }),
      ),
      async (tab) => {
        await ready(tab);
        const bars = await tab
          .locator('[data-reason]')
          .evaluateAll((all) =>
            all.map((it) => [
              it.dataset.reason,
              it.querySelector('.bar').getAttribute('width'),
              it.querySelector('.bar-count').textContent,
            ]),
          );
        assert.deepEqual(bars, [
          ['ROBOT', '100%', '60 次，占 60%'],
          ['PREFETCH', '0%', '0 次，占 0%'],
          ['REPEAT', '50%', '30 次，占 30%'],
          ['BURST', '16.67%', '10 次，占 10%'],
        ]);
        assert.equal(await tab.locator('[data-reason] .hint').count(), 4);
        assert.equal(await tab.locator('[data-figure=share]').innerText(), '50%');
      },
    ),
  );

  const markup = '<img src=x onerror="document.body.dataset.owned=1">';
  await check('markup in titles and names stays text, and no address runs a script', () =>
    withMock(
      always(
        invented(
          [
            entry('A', 1, 3, false, {
              title: markup,
              url: 'javascript:document.body.dataset.owned=1',
              channel: { name: markup },
            }),
          ],
          {
            list: { isFallback: true, channel: { id: 'X', name: markup } },
          },
        ),
      ),
      async (tab) => {
        await ready(tab);
        assert.equal(await tab.locator('.ranking .cell-title a > span').first().textContent(), markup);
        assert.equal(await tab.locator('.ranking tbody .cell-channel').textContent(), markup);
        assert.equal(await tab.locator('img').count(), 0);
        assert.equal(await tab.locator('a[href^="javascript"]').count(), 0);
        await tab.locator('.ranking .cell-title a').click();
        assert.equal(await tab.evaluate(() => document.body.dataset.owned), undefined);
        assert.ok((await overflow(tab)) <= 0);
      },
    ),
  );

  await check('rows that change places slide there, and keep the focus', async () => {
    for (const motion of ['no-preference', 'reduce']) {
      const first = [entry('A', 1, 1, false), entry('B', 2, 2, false), entry('C', 3, 3, false)];
      const second = [entry('C', 1, 3, false), entry('A', 2, 1, false), entry('B', 3, 2, false)];
      let round = 0;
      await withMock(
        (operation) => {
          if (!isStats(operation)) return null;
          round += 1;
          return invented(round === 1 ? first : second);
        },
        async (tab) => {
          await tab.emulateMedia({ reducedMotion: motion });
          await ready(tab);
          await tab.locator('[data-article=B] a').first().focus();
          await tab.evaluate(() => {
            globalThis.slides = 0;
            const animate = Element.prototype.animate;
            Element.prototype.animate = function count(...given) {
              globalThis.slides += 1;
              return animate.apply(this, given);
            };
          });
          await eventually(async () => assert.deepEqual(await listed(tab), ['C', 'A', 'B']));
          assert.equal(
            await tab.evaluate(() => document.activeElement.closest('[data-article]')?.dataset.article),
            'B',
          );
          assert.equal((await tab.evaluate(() => globalThis.slides)) > 0, motion === 'no-preference');
        },
      );
    }
  });

  await check('figures that are old are said to be, and are those of now again later', () => {
    let fails = false;
    return withMock(
      (operation) => {
        if (!isStats(operation)) return null;
        return fails
          ? { errors: [{ message: 'away', extensions: { code: 'SERVICE_UNAVAILABLE' } }] }
          : invented([entry('A', 1, 1, false)], { views: 7 });
      },
      async (tab) => {
        await ready(tab);
        fails = true;
        const late = tab.locator('.late');
        await late.waitFor();
        assert.match(await late.innerText(), new RegExp(`${zh('failure.SERVICE_UNAVAILABLE')}.*\\d\\d:\\d\\d:\\d\\d`));
        assert.equal(await figure(tab, 'views'), 7, 'the last figures stay');
        await tab.locator('[data-status=late]').waitFor();
        await screenshot(tab, 'late');
        fails = false;
        await ready(tab);
        assert.ok(await late.isHidden());
      },
    );
  });

  await check('a lost connection is said at once, and its end too', async () => {
    page.expectsErrors = true;
    await context.setOffline(true);
    await page.locator('.late', { hasText: zh('failure.NETWORK') }).waitFor();
    await context.setOffline(false);
    await ready(page);
    page.expectsErrors = false;
  });

  await check('a server that is away at the start is asked again', () => {
    let round = 0;
    return withMock(
      (operation) => {
        if (!isStart(operation)) return null;
        round += 1;
        return round === 1 ? { errors: [{ message: 'away', extensions: { code: 'SERVICE_UNAVAILABLE' } }] } : null;
      },
      async (tab) => {
        await tab.locator('[role=alert]', { hasText: zh('failure.SERVICE_UNAVAILABLE') }).waitFor();
        await ready(tab);
      },
    );
  });

  await check('an account without stats:read is told, and sees the figures once it may', () => {
    let may = false;
    return withMock(
      async (operation, route) => {
        if (!isStart(operation) || may) return null;
        const answer = await (await route.fetch()).json();
        answer.data.me.permissions = ['WRITE_ARTICLES'];
        await route.fulfill({ json: answer });
        return 'handled';
      },
      async (tab) => {
        await tab.getByRole('heading', { name: zh('forbidden.title') }).waitFor();
        assert.match(await tab.locator('.refused').innerText(), /stats:read/);
        assert.ok(!tab.asked.some(isStats), 'figures were asked for');
        await screenshot(tab, 'forbidden');
        may = true;
        await ready(tab);
      },
    );
  });

  await check('a permission that is taken away is noticed', () => {
    const forbidden = { data: null, errors: [{ message: 'not allowed', extensions: { code: 'FORBIDDEN' } }] };
    return withMock(always(forbidden), (tab) => tab.getByRole('heading', { name: zh('forbidden.title') }).waitFor());
  });

  await check('a newer server’s reasons are shown by their name', () =>
    withMock(always(invented([], { views: 1, excluded: [{ reason: 'SOMETHING_ELSE', views: 3 }] })), async (tab) => {
      await ready(tab);
      assert.match(await tab.locator('[data-reason=SOMETHING_ELSE]').innerText(), /SOMETHING_ELSE\s*3 次，占 100%/);
    }),
  );

  await check('signing out leads to the door, in every tab', async () => {
    const second = await openTab(context);
    await ready(second);
    await page.locator('[data-tool=sign-out]').click();
    for (const tab of [page, second]) await tab.locator('.door').waitFor();
    await second.close();
  });
} finally {
  await browser.close();
}

await finish(faults);
