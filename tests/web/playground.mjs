// Works through the playground of a running server in a real browser.
// Usage: node playground.mjs http://127.0.0.1:8000 SCREENSHOT_DIR
// The browser is /usr/bin/chromium unless CHROMIUM names another.
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { check, faultList, finish, launch, listen, watchPolicy } from './check.mjs';

const [base, screenshots] = process.argv.slice(2);
if (!base || !screenshots) {
  console.error('usage: node playground.mjs BASE_URL SCREENSHOT_DIR');
  process.exit(2);
}
const origin = new URL(base).origin;
const address = `${origin}/playground`;
const policy = (await readFile(new URL('../../web/csp.txt', import.meta.url), 'utf8')).trim();
await mkdir(screenshots, { recursive: true });


/** What must not happen at any time, by kind. */
const faults = faultList('requests to other hosts', 'failed requests');

async function openPage(browser, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(15_000);
  await watchPolicy(context);
  const page = await context.newPage();
  listen(page, faults, (message) => message.type() === 'warning');
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && url.protocol !== 'blob:' && url.origin !== origin) {
      faults['requests to other hosts'].push(request.url());
    }
  });
  page.on('requestfailed', (request) => {
    faults['failed requests'].push(`${request.url()} ${request.failure()?.errorText}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400 && new URL(response.url()).pathname.startsWith('/playground')) {
      faults['failed requests'].push(`${response.url()} HTTP ${response.status()}`);
    }
  });
  const response = await page.goto(address);
  await page.locator('.graphiql-query-editor .CodeMirror').waitFor();
  await page.locator('.graphiql-response .CodeMirror').waitFor();
  return { page, response };
}

const editor = (page, place) => ({
  value: () => page.locator(`${place} .CodeMirror`).evaluate((it) => it.CodeMirror.getValue()),
  set: (text) => page.locator(`${place} .CodeMirror`).evaluate((it, t) => it.CodeMirror.setValue(t), text),
});
const QUERY = '.graphiql-query-editor';
const VARIABLES = '.graphiql-editor-tool .graphiql-editor:not(.hidden)';
const ANSWER = '.graphiql-response';

const exampleButtons = (page) => page.locator('.examples button[data-example]');

async function showPanel(page, title) {
  const show = page.getByRole('button', { name: `Show ${title}` });
  if (await show.count()) await show.click();
}

/** Runs what stands in the editor; the request, the parsed answer, and what the page shows of it. */
async function run(page, start) {
  const answered = page.waitForResponse(
    (it) => new URL(it.url()).pathname === '/graphql' && !it.request().postData()?.includes('IntrospectionQuery'),
  );
  await start();
  const response = await answered;
  const answer = await response.json();
  await page.waitForFunction(
    ([place, key]) => document.querySelector(`${place} .CodeMirror`).CodeMirror.getValue().includes(key),
    [ANSWER, answer.errors ? '"errors"' : '"data"'],
  );
  return { request: response.request(), answer, shown: await editor(page, ANSWER).value() };
}
const clickRun = (page) => page.locator('.graphiql-execute-button').click();

/** All values that are no lists, no objects and not null. */
function leaves(value) {
  if (value === null || value === undefined) return [];
  return typeof value === 'object' ? Object.values(value).flatMap(leaves) : [value];
}

async function openExample(page, name) {
  await showPanel(page, 'Examples / 示例');
  const tabs = await page.locator('.graphiql-tab').count();
  await page.locator(`.examples button[data-example="${name}"]`).click();
  await page.waitForFunction(
    ([count, title]) =>
      document.querySelectorAll('.graphiql-tab').length === count &&
      document.querySelector('.graphiql-tab-active')?.textContent.includes(title),
    [tabs + 1, name],
  );
  const tab = await page.locator('.graphiql-tab-active').boundingBox();
  const { width } = page.viewportSize();
  assert.ok(tab.x >= 0 && tab.x < width, 'the new tab is out of sight');
}

async function setTheme(page, theme) {
  await page.getByRole('button', { name: 'Open settings dialog' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: theme, exact: true }).click();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
}

/** 0 for black, 255 for white. */
const brightness = (page) =>
  page.locator('.graphiql-container').evaluate((it) => {
    const [r, g, b] = getComputedStyle(it).backgroundColor.match(/[\d.]+/g).map(Number);
    return (r + g + b) / 3;
  });

const screenshot = (page, name) => page.screenshot({ path: join(screenshots, `${name}.png`) });

const browser = await launch();

try {
  const { page, response } = await openPage(browser);

  await check('the page has a title, a language and an icon of its own', async () => {
    assert.equal(await page.title(), 'Tidings playground');
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    const icon = await page.locator('link[rel=icon]').getAttribute('href');
    const answer = await page.request.get(new URL(icon, address).href);
    assert.equal(answer.status(), 200);
    assert.match(answer.headers()['content-type'], /^image\/svg\+xml/);
  });

  await check('the page is served with the policy of web/csp.txt', () => {
    assert.equal(response.headers()['content-security-policy'], policy);
    assert.doesNotMatch(policy, /unsafe-/);
  });

  await check('the schema is read', async () => {
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.locator('.graphiql-doc-explorer-content').getByText('Query', { exact: true }).waitFor();
  });

  await check('the first query runs by keyboard', async () => {
    await page.locator(`${QUERY} .CodeMirror`).click();
    const { answer, shown } = await run(page, () => page.keyboard.press('Control+Enter'));
    assert.equal(answer.errors, undefined);
    assert.ok(shown.includes(answer.data.site.name));
  });

  await showPanel(page, 'Examples / 示例');
  const names = await exampleButtons(page).evaluateAll((all) => all.map((it) => it.dataset.example));

  await check('there is an example for each block and each page', () => {
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.length >= 11, `only ${names.length}`);
  });

  for (const name of names) {
    await check(`example ${name} opens in a new tab and is answered`, async () => {
      await openExample(page, name);
      assert.match(await editor(page, QUERY).value(), new RegExp(`query ${name}\\b`));
      const { request, answer, shown } = await run(page, () => clickRun(page));
      assert.equal(request.headers()['content-type'], 'application/json');
      assert.equal(request.headers()['accept'], 'application/graphql-response+json, application/json');
      assert.deepEqual(answer.errors ?? [], []);
      for (const [key, value] of Object.entries(answer.data)) {
        assert.ok(value !== null && leaves(value).length > 0, `nothing in data.${key}`);
      }
      const first = leaves(answer.data).find((it) => typeof it === 'string');
      assert.ok(shown.includes(JSON.stringify(first)), 'the answer is not shown');
    });
  }

  await check('the article page shows an article with its body', async () => {
    await openExample(page, 'ArticlePage');
    const { by } = JSON.parse(await editor(page, VARIABLES).value());
    assert.ok(by.id, 'the variables are not filled');
    const { answer } = await run(page, () => clickRun(page));
    assert.equal(answer.data.article.id, by.id);
    assert.ok(answer.data.article.title.length > 0);
    assert.ok(answer.data.article.body.html.length > 0);
    await screenshot(page, 'light');
  });

  await check('the documentation can be read and searched', async () => {
    await showPanel(page, 'Documentation Explorer');
    const docs = page.locator('.graphiql-doc-explorer');
    await docs.getByText('Query', { exact: true }).first().click();
    await docs.locator('.graphiql-doc-explorer-section-title', { hasText: 'Fields' }).waitFor();
    await docs.getByRole('combobox').fill('articleBy');
    await page.getByRole('option', { name: 'ArticleBy', exact: true }).click();
    await docs.locator('.graphiql-doc-explorer-title', { hasText: 'ArticleBy' }).waitFor();
    await screenshot(page, 'docs');
  });

  await check('the history lists what was run', async () => {
    await showPanel(page, 'History');
    const items = page.locator('.graphiql-history-item');
    assert.ok((await items.count()) >= names.length);
    await items.filter({ hasText: 'ClickRanking' }).first().getByLabel('Set active').click();
    assert.match(await editor(page, QUERY).value(), /query ClickRanking/);
  });

  await check('the editor completes names and marks mistakes', async () => {
    await page.getByRole('button', { name: 'New tab' }).click();
    await editor(page, QUERY).set('');
    await page.locator(`${QUERY} .CodeMirror`).click();
    await page.keyboard.type('{ si');
    await page.locator('.CodeMirror-hints').getByText('site', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await editor(page, QUERY).set('{ nothingOfThatName site { name } }');
    await page.locator('.CodeMirror-lint-mark-error').first().hover();
    await page.locator('.CodeMirror-lint-tooltip').waitFor();
    await editor(page, QUERY).set('{ site { name } }');
    await page.locator(`${QUERY} .cm-property`, { hasText: 'name' }).hover();
    await page.locator('.CodeMirror-info').waitFor();
    await page.mouse.move(0, 0);
  });

  await check('selected text can be dragged', async () => {
    await page.locator(`${QUERY} .CodeMirror`).evaluate((it) => {
      it.CodeMirror.execCommand('selectAll');
      const options = { bubbles: true, cancelable: true, dataTransfer: new DataTransfer() };
      it.querySelector('.CodeMirror-scroll').dispatchEvent(new DragEvent('dragstart', options));
    });
  });

  await check('pictures in an answer are not fetched', async () => {
    const urls = ['text', `${origin}/one.jpg`, 'text', 'https://pictures.example/two.jpg'];
    for (const url of urls) {
      await editor(page, ANSWER).set(JSON.stringify({ url }, null, 2));
      await page.locator(`${ANSWER} .cm-string`).first().hover();
      await page.waitForTimeout(600);
      assert.equal(await page.locator('.CodeMirror-info img').count(), 0);
      await page.mouse.move(0, 0);
    }
  });

  await check('a header is sent, and kept only when wanted', async () => {
    const openHeaders = () => page.getByRole('button', { name: 'Headers', exact: true }).click();
    const reload = async () => {
      await page.waitForTimeout(1200);
      await page.reload();
      await page.locator(`${QUERY} .CodeMirror`).waitFor();
      await openHeaders();
      await page.locator(`${VARIABLES} .CodeMirror`).waitFor();
    };
    await page.getByRole('button', { name: 'New tab' }).click();
    await editor(page, QUERY).set('query Header { site { name } }');
    await openHeaders();
    await editor(page, VARIABLES).set('{ "X-Probe": "1" }');
    const { request } = await run(page, () => clickRun(page));
    assert.equal(request.headers()['x-probe'], '1');
    await reload();
    assert.doesNotMatch(await editor(page, VARIABLES).value(), /X-Probe/);
    const stored = await page.evaluate(() => JSON.stringify(localStorage));
    assert.doesNotMatch(stored, /X-Probe/);

    await page.getByRole('button', { name: 'Open settings dialog' }).click();
    await page.locator('#enable-persist-headers').click();
    await page.keyboard.press('Escape');
    await editor(page, VARIABLES).set('{ "X-Probe": "2" }');
    for (const time of ['first', 'second']) {
      await reload();
      assert.match(await editor(page, VARIABLES).value(), /"X-Probe": "2"/, `lost at the ${time} reload`);
    }

    await page.getByRole('button', { name: 'Open settings dialog' }).click();
    await page.locator('#disable-persist-headers').click();
    await page.keyboard.press('Escape');
    await reload();
    assert.doesNotMatch(await page.evaluate(() => JSON.stringify(localStorage)), /X-Probe/);
  });

  await check('a panel that was dragged shut stays shut, and opens again', async () => {
    await showPanel(page, 'Examples / 示例');
    const bar = await page.locator('.graphiql-horizontal-drag-bar').first().boundingBox();
    await page.mouse.move(bar.x + bar.width / 2, bar.y + 200);
    await page.mouse.down();
    await page.mouse.move(70, bar.y + 200, { steps: 8 });
    await page.mouse.up();
    await page.waitForTimeout(1200);
    await page.reload();
    await page.getByRole('button', { name: 'Show Examples / 示例' }).click();
    await exampleButtons(page).first().click({ trial: true });
  });

  await check('the theme can be chosen and is kept', async () => {
    assert.ok((await brightness(page)) > 200);
    await setTheme(page, 'Dark');
    assert.ok((await brightness(page)) < 80);
    await page.reload();
    await page.locator(`${QUERY} .CodeMirror`).waitFor();
    assert.ok((await brightness(page)) < 80, 'not kept');
    await setTheme(page, 'Light');
    assert.ok((await brightness(page)) > 200);
    await setTheme(page, 'System');
  });

  await check('without a choice the theme follows the system', async () => {
    const { page: dark } = await openPage(browser, { colorScheme: 'dark' });
    assert.ok((await brightness(dark)) < 80);
    await openExample(dark, 'ArticlePage');
    await run(dark, () => clickRun(dark));
    await screenshot(dark, 'dark');
    await dark.context().close();
  });

  await check('900 pixels are enough', async () => {
    const { page: narrow } = await openPage(browser, { viewport: { width: 900, height: 700 } });
    await openExample(narrow, 'ClickRanking');
    await run(narrow, () => clickRun(narrow));
    assert.ok((await narrow.evaluate(() => document.documentElement.scrollWidth)) <= 900);
    const button = await narrow.locator('.graphiql-execute-button').boundingBox();
    assert.ok(button.x >= 0 && button.x + button.width <= 900);
    await screenshot(narrow, '900');
    await narrow.context().close();
  });
} finally {
  await browser.close();
}

await finish(faults);
