// Looks at what people open without the portal's own front end, in a real browser without script: the pages of the portal, of an article and of a
// channel, what is said where nothing is, and feeds, which have a style. Light and dark, and at 320 pixels.
// Usage: node pages.mjs http://127.0.0.1:8000 SCREENSHOT_DIR
// The browser is /usr/bin/chromium unless CHROMIUM names another.
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { axe, check, faultList, finish, launch, listen, watchPolicy } from './check.mjs';

const [base, screenshots] = process.argv.slice(2);
if (!base || !screenshots) {
  console.error('usage: node pages.mjs BASE_URL SCREENSHOT_DIR');
  process.exit(2);
}
const server = new URL(base).origin;
await mkdir(screenshots, { recursive: true });


const feed = await (await fetch(`${server}/feed/channel/hydrogen.json?limit=1`)).json();
const article = feed.items[0].url;
const documents = {
  article: [article, 200],
  channel: [`${server}/c/hydrogen`, 200],
  front: [`${server}/`, 200],
  nothing: [`${server}/a/none`, 404],
  rss: [`${server}/feed/channel/hydrogen.rss`, 200],
  atom: [`${server}/feed/channel/hydrogen.atom`, 200],
};

const browser = await launch();

/** Opens an address; gives what `body` gives. Whatever the browser complains of, or asks for elsewhere, fails. */
async function visit(url, status, options, body) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 900 }, locale: 'zh-CN', ...options });
  await watchPolicy(context);
  const faults = faultList('requests beside the server');
  const page = await context.newPage();
  // That a page is not there is what was asked for.
  listen(page, faults, (message) => status !== 200 && message.text().includes(`status of ${status}`));
  // Pictures of articles may stand anywhere; those of the demo are not there at all.
  await page.route(/\/(media|favicon)/, (route) => route.fulfill({ status: 200, contentType: 'image/svg+xml', body: '<svg xmlns="http://www.w3.org/2000/svg"/>' }));
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== server) faults['requests beside the server'].push(request.url());
  });
  try {
    const response = await page.goto(url);
    assert.equal(response.status(), status);
    await body(page);
    assert.deepEqual(Object.entries(faults).filter(([, list]) => list.length > 0), []);
  } finally {
    await context.close();
  }
}

try {
  for (const [name, [url, status]] of Object.entries(documents)) {
    for (const colorScheme of ['light', 'dark']) {
      for (const width of [1000, 320]) {
        await check(`${name}, ${colorScheme}, ${width} px: drawn without script, and nothing too wide`, () =>
          visit(url, status, { colorScheme, javaScriptEnabled: false, viewport: { width, height: 900 } }, async (page) => {
            const file = join(screenshots, `${name}-${colorScheme}-${width}.png`);
            await page.screenshot({ path: file });
            const size = await page.evaluate(() => document.documentElement.scrollWidth);
            assert.ok(size <= width, `${size} px`);
          }),
        );
      }
    }
  }
  for (const name of ['front', 'article', 'channel', 'nothing']) {
    const [url, status] = documents[name];
    for (const colorScheme of ['light', 'dark']) {
      await check(`${name}, ${colorScheme}: nothing that axe complains of`, () =>
        visit(url, status, { colorScheme, bypassCSP: true }, async (page) => {
          assert.deepEqual(await axe(page), []);
        }),
      );
    }
  }
  for (const [name, title, item] of [['rss', 'channel > title', 'item > title'], ['atom', 'feed > title', 'entry > title']]) {
    await check(`${name}: whoever opens it sees a page, not code`, () =>
      visit(documents[name][0], 200, {}, async (page) => {
        const styles = await page.evaluate(
          ([title, item]) => [title, item].map((selector) => {
            const element = document.querySelector(selector);
            const { display, fontWeight } = getComputedStyle(element);
            return { text: element.textContent, display, fontWeight };
          }),
          [title, item],
        );
        assert.ok(styles[0].text.startsWith('氢能科技'), styles[0].text);
        for (const { display, fontWeight } of styles) assert.ok(display === 'block' && Number(fontWeight) >= 600, `${display} ${fontWeight}`);
        assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('guid, id')).display), 'none');
      }),
    );
  }
  await check('an article leads to its channel, to feeds and to its card', () =>
    visit(article, 200, {}, async (page) => {
      await page.locator('nav a').last().click();
      await page.waitForURL(`${server}/c/**`);
      await page.goto(article);
      const links = await page.evaluate(() => [...document.querySelectorAll('link[rel=alternate]')].map(({ href }) => href));
      assert.ok(links.length >= 8, links.join(' '));
      for (const link of links) assert.equal((await fetch(link)).status, 200, link);
    }),
  );
} finally {
  await browser.close();
}

await finish();
