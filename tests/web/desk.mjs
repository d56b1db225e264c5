// Works through the editor's desk of a running server in a real browser.
// Usage: node desk.mjs http://127.0.0.1:8000 SCREENSHOT_DIR LOGIN ONE_TIME_PASSWORD
// The login must have the role of an operator or a chief, and its password must not have been used. Articles are made and
// published: run it against a demo. The browser is /usr/bin/chromium unless CHROMIUM names another.
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { check, faultList, finish, launch, listen, photographFailures, watchPolicy } from './check.mjs';
import { difference } from '../../web/desk/src/text/difference.js';
import { fromInput } from '../../web/desk/src/time.js';
import { words } from '../../web/desk/src/words.js';

const [base, screenshots, login, oneTimePassword] = process.argv.slice(2);
if (!base || !screenshots || !login || !oneTimePassword) {
  console.error('usage: node desk.mjs BASE_URL SCREENSHOT_DIR LOGIN ONE_TIME_PASSWORD');
  process.exit(2);
}
const origin = new URL(base).origin;
const address = `${origin}/desk`;
const password = 'a password for the desk';
const policy = (await readFile(new URL('../../web/desk/csp.txt', import.meta.url), 'utf8')).trim();
await mkdir(screenshots, { recursive: true });

/** Chinese text of the desk. */
const zh = (name, values = {}) => words[name][0].replace(/\{(\w+)\}/g, (_, key) => values[key] ?? '');
/** Tells this run's articles from those of others. */
const run = Date.now().toString(36);

photographFailures(screenshots, () => page);

/** What must not happen at any time, by kind. */
const faults = faultList('requests to other hosts', 'requests beside the desk and the API');

async function openPage(browser, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1360, height: 900 },
    colorScheme: 'light',
    locale: 'zh-CN',
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(10_000);
  await watchPolicy(context);
  return watch(await context.newPage());
}

async function watch(opened) {
  listen(opened, faults);
  opened.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && request.resourceType() !== 'image')
      faults['requests to other hosts'].push(request.url());
    else if (request.resourceType() !== 'image' && !/^\/(desk|graphql)(\/|$)/.test(url.pathname)) {
      faults['requests beside the desk and the API'].push(request.url());
    }
  });
  const response = await opened.goto(address);
  opened.response = response;
  return opened;
}

/** Asks the API beside the page: as a reader, or with a token. */
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

/** A second session of the same person, as another program would have it. */
async function secondSession() {
  const { signIn } = await api(
    'mutation($input: SignInInput!) { signIn(input: $input) { tokens { accessToken } userErrors { message } } }',
    { input: { login, password } },
  );
  return signIn.tokens.accessToken;
}

/** What readers get of an article. */
const readers = (id) =>
  api(
    `query($by: ArticleBy!) {
      article(by: $by) { title body { html } corrections { note } significantlyUpdatedAt }
      withdrawal(by: $by) { notice }
    }`,
    { by: { id } },
  );

const screenshot = (shown, name) => shown.screenshot({ path: join(screenshots, `${name}.png`) });
const labelled = (name) =>
  page
    .locator('.field', { has: page.locator(`label:text("${zh(name)}")`) })
    .locator('input, textarea, select')
    .first();
const step = (name) => page.locator(`.steps [data-step="${name}"]`);
const dialog = () => page.locator('dialog[open]');
const take = () => dialog().locator('button[type=submit]').click();
const said = (name) => page.locator('.messages', { hasText: zh(name) }).waitFor();
const inState = (state) => page.locator('.work-title .badge', { hasText: zh(`state.${state}`) }).waitFor();
const articleId = () => decodeURIComponent(page.url().split('#/article/')[1].split('/')[0]);
const open = async (id, tab = '') => {
  await page.goto(`${address}#/article/${id}${tab && `/${tab}`}`);
  await page.locator('.work-title').waitFor();
};
/** Of the page’s ground, however its colour is written: 0 for black, 255 for white. */
const brightness = (shown) =>
  shown.locator('body').evaluate((it) => {
    const canvas = document.createElement('canvas').getContext('2d');
    canvas.fillStyle = getComputedStyle(it).backgroundColor;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data;
    return (r + g + b) / 3;
  });
const overflow = (shown) =>
  shown.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** What the desk keeps of its session, after putting `record` in its place if there is one. */
const session = (record) =>
  page.evaluate(
    (put) =>
      new Promise((resolve, reject) => {
        const request = indexedDB.open('tidings-desk', 1);
        request.onerror = () => reject(request.error);
        request.onsuccess = () => {
          const transaction = request.result.transaction('session', 'readwrite');
          const store = transaction.objectStore('session');
          if (put) store.put(put, 'session');
          const found = store.get('session');
          transaction.oncomplete = () => {
            request.result.close();
            resolve(found.result ?? null);
          };
        };
      }),
    record,
  );

/** Fills the form of a new article and saves it; its id. */
async function write(title, text) {
  await page.goto(`${address}#/new`);
  assert.equal(await labelled('field.title').inputValue(), '', 'the form of the article before is still there');
  await labelled('field.title').fill(title);
  await page.locator('.writing select').first().selectOption({ index: 1 });
  await page.locator('.rich').click();
  await page.keyboard.type(text);
  await page.keyboard.press('Control+s');
  await page.waitForURL(/#\/article\//);
  await inState('DRAFT');
  return articleId();
}

async function throughReview() {
  await step('SUBMIT').click();
  await inState('IN_REVIEW');
  await step('APPROVE').click();
  await inState('APPROVED');
}

const browser = await launch();

let page;
try {
  await check('texts are compared by character, and by word where there are words', () => {
    const kinds = (before, after) => difference(before, after).map(({ kind, text }) => `${kind[0]} ${text}`);
    assert.deepEqual(kinds('氢能重卡上路', '氢能客车上路了'), ['s 氢能', 'r 重卡', 'a 客车', 's 上路', 'a 了']);
    assert.deepEqual(kinds('two words', 'two worlds'), ['s two ', 'r words', 'a worlds']);
    assert.deepEqual(kinds('<p>甲</p>', '<p>甲</p><p>乙</p>'), ['s <p>甲</p>', 'a <p>乙</p>']);
    let seed = 1;
    const random = (most) => (seed = (seed * 48271) % 2147483647) % most;
    const text = () => Array.from({ length: random(16) }, () => '氢能ab <p>𠮷'[random(8)]).join('');
    for (let i = 0; i < 2000; i += 1) {
      const [before, after] = [text(), text()];
      const pieces = difference(before, after);
      const without = (kind) =>
        pieces
          .filter((piece) => piece.kind !== kind)
          .map((piece) => piece.text)
          .join('');
      assert.deepEqual([without('added'), without('removed')], [before, after]);
    }
  });

  await check('times are those of the portal’s wall clock', () => {
    assert.equal(fromInput('2026-05-17T09:00', 'Asia/Shanghai'), '2026-05-17T09:00:00+08:00');
    assert.equal(fromInput('2026-07-01T12:00', 'Europe/Berlin'), '2026-07-01T12:00:00+02:00');
    assert.equal(fromInput('2026-12-01T12:00', 'Europe/Berlin'), '2026-12-01T12:00:00+01:00');
    assert.equal(fromInput('2026-03-29T03:30', 'Europe/Berlin'), '2026-03-29T03:30:00+02:00');
    assert.equal(fromInput('2026-01-01T00:15', 'Asia/Kolkata'), '2026-01-01T00:15:00+05:30');
    assert.equal(fromInput('', 'Asia/Shanghai'), null);
  });

  page = await openPage(browser);

  await check('the page is served with the policy of web/desk/csp.txt', () => {
    assert.equal(page.response.status(), 200);
    assert.equal(page.response.headers()['content-security-policy'], policy);
    assert.doesNotMatch(policy, /unsafe-|data:/);
  });

  await check('the page is one script, one style sheet and one icon, below 400 kB', async () => {
    const files = await page.evaluate(() =>
      [...document.querySelectorAll('script[src], link[href]')].map((it) => it.src || it.href),
    );
    assert.equal(files.length, 3);
    let bytes = 0;
    for (const file of files) bytes += (await page.request.get(file).then((it) => it.body())).length;
    assert.ok(bytes < 400_000, `${bytes} bytes`);
  });

  await check('the browser’s language is taken', async () => {
    assert.equal(await page.locator('html').getAttribute('lang'), 'zh-Hans');
    await page.getByRole('heading', { name: zh('desk') }).waitFor();
    await screenshot(page, 'sign-in');
  });

  await check('a one-time password asks for the one that shall follow', async () => {
    await page.locator('input[autocomplete=username]').fill(login);
    await page.locator('input[autocomplete=current-password]').fill(oneTimePassword);
    await page.keyboard.press('Enter');
    await page.locator('input[autocomplete=new-password]').fill(password);
    await page.keyboard.press('Enter');
    await page.locator('.manuscripts tbody tr').first().waitFor();
  });

  const { query, mutation } = await api(
    '{ query: __type(name: "Query") { fields { name } } mutation: __type(name: "Mutation") { fields { name } } }',
  );
  const abilities = new Set([...query.fields, ...mutation.fields].map(({ name }) => name));

  await check('the list filters by title, state and channel, and goes on by cursor', async () => {
    const rows = page.locator('.manuscripts tbody tr');
    assert.equal(await rows.count(), 30);
    await page.getByRole('button', { name: zh('more') }).click();
    await rows.nth(45).waitFor();
    await page.locator('[data-state=WITHDRAWN]').click();
    await page.getByText(zh('list.none')).waitFor();
    await page.locator('[data-state=WITHDRAWN]').click();
    await page.keyboard.press('/');
    await page.keyboard.type('\u6c22'); // 氢
    await page.waitForFunction(() => {
      const titles = [...document.querySelectorAll('.manuscripts .row-title')];
      return titles.length > 0 && titles.every((it) => it.textContent.includes('\u6c22'));
    });
    assert.match(page.url(), /title=/);
    await screenshot(page, 'list');
  });

  const text = {
    title: `沙漠小站的第一盏氢灯 ${run}`,
    body: '沙窝子里的小站在周一晚上亮起了第一盏灯。',
    added: '站长说，明年还要再点亮三盏。',
  };
  let id;

  await check('letters typed into a field are no shortcuts', async () => {
    await page.locator('input[type=search]').fill('');
    await page.locator('input[type=search]').press('n');
    await page.locator('input[type=search]').press('?');
    assert.equal(await page.locator('input[type=search]').inputValue(), 'n?');
    await page.locator('input[type=search]').fill('');
    await page.locator('h1').click();
  });

  await check('a new article without a title is refused at its field', async () => {
    await page.keyboard.press('n');
    await labelled('field.subtitle').fill('副标题');
    await page.keyboard.press('Control+s');
    await page.locator('.headline [aria-invalid]').waitFor();
    await page.locator('.headline .error').waitFor();
  });

  await check('an article is written and saved', async () => {
    await labelled('field.title').fill(text.title);
    await page.locator('.writing select').first().selectOption({ index: 1 });
    await page.locator('.rich').click();
    await page.keyboard.type(text.body);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+b');
    await page.keyboard.type('粗体');
    await page.keyboard.press('Control+b');
    await page.getByRole('textbox', { name: zh('field.tags') }).fill('氢能，沙漠');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+s');
    await page.waitForURL(/#\/article\//);
    await inState('DRAFT');
    id = articleId();
    await screenshot(page, 'write');
  });

  await check('readers do not see a draft', async () => {
    assert.equal((await readers(id)).article, null);
  });

  await check('what is typed and not saved survives a reload', async () => {
    await labelled('field.subtitle').fill('还没有保存的副标题');
    await page.waitForTimeout(400);
    page.once('dialog', (shown) => shown.accept());
    await page.reload();
    await page.getByText(zh('draft.restored')).waitFor();
    assert.equal(await labelled('field.subtitle').inputValue(), '还没有保存的副标题');
    await step('UPDATE').click();
    await said('done.UPDATE');
  });

  await check('the preview shows the article', async () => {
    await page.getByRole('tab', { name: zh('tab.preview') }).click();
    await page.locator('.article-page h1', { hasText: text.title }).waitFor();
    await page.locator('.article-page strong', { hasText: '粗体' }).waitFor();
    await screenshot(page, 'preview');
    await page.getByRole('tab', { name: zh('tab.write') }).click();
  });

  await check('it is submitted, sent back with a note, submitted again and approved', async () => {
    await step('SUBMIT').click();
    await inState('IN_REVIEW');
    await step('REJECT').click();
    await dialog().locator('textarea').fill('请补充时间。');
    await take();
    await inState('REJECTED');
    await page.locator('.notice', { hasText: '请补充时间。' }).waitFor();
    await throughReview();
  });

  await check('it is published, and readers see it', async () => {
    await step('PUBLISH').click();
    await take();
    await inState('PUBLISHED');
    const { article } = await readers(id);
    assert.equal(article.title, text.title);
    assert.match(article.body.html, new RegExp(`<p>${text.body}</p><p><strong>粗体</strong></p>`));
  });

  await check('another is scheduled in the portal’s time zone, and unscheduled', async () => {
    const other = await write(`定时的稿件 ${run}`, '明天见。');
    await throughReview();
    await step('SCHEDULE').click();
    await dialog().locator('input[type=datetime-local]').first().fill('2031-05-17T09:30');
    await screenshot(page, 'schedule');
    await take();
    await inState('SCHEDULED');
    await page.getByText(zh('manuscript.publishAt', { time: '2031-05-17 09:30' })).waitFor();
    const { manuscript } = await api(
      'query($id: ID!) { manuscript(id: $id) { publishAt } }',
      { id: other },
      await secondSession(),
    );
    assert.equal(manuscript.publishAt, '2031-05-17T09:30:00+08:00');
    assert.equal((await readers(other)).article, null);
    await step('UNSCHEDULE').click();
    await inState('APPROVED');
  });

  await check(
    'the live article is changed; readers see the old text until it is published with a correction',
    async () => {
      await open(id);
      await page.locator('.rich p').last().click();
      await page.keyboard.press('Control+End');
      await page.keyboard.type(text.added);
      await page.keyboard.press('Control+s');
      await inState('DRAFT');
      await page.locator('.work-title .badge.live').waitFor();
      assert.doesNotMatch((await readers(id)).article.body.html, new RegExp(text.added));
      await throughReview();
      await step('PUBLISH').click();
      await dialog().locator('textarea').fill('补充了明年的计划。');
      await dialog().locator('input[type=checkbox]').check();
      await take();
      await inState('PUBLISHED');
      const { article } = await readers(id);
      assert.match(article.body.html, new RegExp(text.added));
      assert.equal(article.corrections[0].note, '补充了明年的计划。');
      assert.ok(article.significantlyUpdatedAt);
    },
  );

  await check('who was faster is shown, and mine is saved on top of theirs', async () => {
    const token = await secondSession();
    const { manuscript } = await api('query($id: ID!) { manuscript(id: $id) { version } }', { id }, token);
    await labelled('field.title').fill(`${text.title}（改）`);
    const { updateArticle } = await api(
      'mutation($input: UpdateArticleInput!) { updateArticle(input: $input) { userErrors { message } } }',
      { input: { id, version: manuscript.version, content: { summary: '别人写的提示。' } } },
      token,
    );
    assert.deepEqual(updateArticle.userErrors, []);
    await page.keyboard.press('Control+s');
    await dialog().getByText(zh('conflict.title')).waitFor();
    await dialog()
      .getByRole('button', { name: zh('conflict.look') })
      .click();
    await dialog().locator('ins', { hasText: '别人写的提示。' }).waitFor();
    await screenshot(page, 'conflict');
    await dialog()
      .getByRole('button', { name: zh('conflict.saveMine') })
      .click();
    await said('done.UPDATE');
    assert.equal(await labelled('field.title').inputValue(), `${text.title}（改）`);
    assert.equal(await labelled('field.summary').inputValue(), '别人写的提示。');
  });

  await check('theirs can be taken instead of mine', async () => {
    const token = await secondSession();
    const { manuscript } = await api('query($id: ID!) { manuscript(id: $id) { version } }', { id }, token);
    await labelled('field.subtitle').fill('我的副标题');
    await api(
      'mutation($input: UpdateArticleInput!) { updateArticle(input: $input) { userErrors { message } } }',
      { input: { id, version: manuscript.version, content: { subtitle: '别人的副标题' } } },
      token,
    );
    await step('UPDATE').click();
    await dialog()
      .getByRole('button', { name: zh('conflict.look') })
      .click();
    await dialog()
      .locator('.badge', { hasText: zh('conflict.both') })
      .waitFor();
    await dialog()
      .getByRole('button', { name: zh('conflict.takeTheirs') })
      .click();
    await dialog().waitFor({ state: 'detached' });
    await page.waitForFunction(() => [...document.querySelectorAll('input')].some((it) => it.value === '别人的副标题'));
    assert.ok(await step('UPDATE').isDisabled());
  });

  await check('the history marks what changed by character, and brings a revision back', async () => {
    await page.getByRole('tab', { name: zh('tab.history') }).click();
    await page.locator('.revisions > li').first().waitFor();
    const count = await page.locator('.revisions > li').count();
    assert.ok(count >= 4, `${count} revisions`);
    // The newest but one is mine on top of theirs.
    await page
      .locator('.revisions')
      .getByRole('button', { name: zh('history.whatChanged') })
      .nth(1)
      .click();
    await page.locator('.difference ins', { hasText: /^（改）$/ }).waitFor();
    await screenshot(page, 'history');
    await page
      .getByRole('button', { name: zh('history.restore') })
      .last()
      .click();
    await said('done.RESTORE_REVISION');
    await page.getByRole('tab', { name: zh('tab.write') }).click();
    assert.equal(await labelled('field.title').inputValue(), text.title);
    assert.doesNotMatch(await page.locator('.rich').innerText(), new RegExp(text.added));
  });

  await check('the draft is given up; readers’ version stays', async () => {
    await step('DISCARD').click();
    await take();
    await inState('PUBLISHED');
    assert.match(await page.locator('.rich').innerText(), new RegExp(text.added));
  });

  await check('an input method composes in the rich text, and links and pictures are put in', async () => {
    await write(`输入法 ${run}`, '前');
    await page.locator('.rich p').first().click();
    await page.keyboard.press('End');
    const devtools = await page.context().newCDPSession(page);
    const compose = (composed) =>
      devtools.send('Input.imeSetComposition', {
        text: composed,
        selectionStart: composed.length,
        selectionEnd: composed.length,
      });
    await compose('q');
    await compose('qing');
    await compose('氢能');
    await devtools.send('Input.insertText', { text: '氢能' });
    await page.keyboard.type('。');
    await page.keyboard.press('Shift+Home');
    await page
      .locator('.toolbar')
      .getByRole('button', { name: zh('rich.link'), exact: true })
      .click();
    await dialog().locator('input').fill('example.org');
    await take();
    assert.ok(await dialog().locator('input:invalid').isVisible(), 'an address that the API would drop is taken');
    await dialog().locator('input').fill('https://example.org/a');
    await page.keyboard.press('Enter');
    await page.locator('.rich a', { hasText: '前氢能。' }).waitFor();
    await dialog().waitFor({ state: 'detached' });
    await page
      .locator('.toolbar')
      .getByRole('button', { name: zh('rich.image'), exact: true })
      .click();
    await dialog()
      .locator('input')
      .first()
      .fill(await page.locator('link[rel=icon]').evaluate((it) => it.href));
    await page.keyboard.press('Enter');
    await page.locator('.rich img[src*=icon]').waitFor();
    await page.keyboard.press('Control+s');
    await said('done.UPDATE');
    await page.getByRole('button', { name: zh('page.source') }).click();
    assert.match(
      await page.locator('textarea.source').inputValue(),
      /^<p><a href="https:\/\/example.org\/a"[^>]*>前氢能。<\/a><img src="[^"]+"[^>]*><\/p>$/,
    );
  });

  await check('what is pasted keeps its text and sheds its styles', async () => {
    await write(`粘贴 ${run}`, '前');
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.setData(
        'text/html',
        '<p style="color:red" onclick="alert(1)">红<b style="font-size:3em">字</b><script>alert(1)</scr' + 'ipt></p>',
      );
      const options = { clipboardData: data, bubbles: true, cancelable: true };
      document.querySelector('.rich').dispatchEvent(new ClipboardEvent('paste', options));
    });
    await page.locator('.rich strong', { hasText: '字' }).waitFor();
    assert.doesNotMatch(await page.locator('.rich').innerHTML(), /style=|onclick|script|alert/);
  });

  await check('what is not saved can be reverted', async () => {
    page.once('dialog', (shown) => shown.accept());
    await step('revert').click();
    await page.waitForFunction(() => document.querySelector('.rich').innerText.trim() === '前');
    assert.ok(await step('UPDATE').isDisabled());
  });

  if (abilities.has('createMedia')) {
    await check('a cover, a gallery, a file and a related article are added and kept', async () => {
      const icon = await page.locator('link[rel=icon]').evaluate((it) => it.href);
      const other = await write(`有图的稿件 ${run}`, '看图。');
      const picture = async (button) => {
        await page
          .getByRole('button', { name: zh(button) })
          .first()
          .click();
        await dialog().getByLabel(zh('media.url')).fill(icon);
        await dialog().getByLabel(zh('field.alt')).fill('图标');
        await dialog()
          .getByRole('button', { name: zh('media.add') })
          .click();
        await dialog().waitFor({ state: 'detached' });
      };
      await picture('media.choose');
      await picture('media.addToGallery');
      await page.getByLabel(zh('field.caption')).fill('图说一');
      await page.getByRole('button', { name: zh('attachments.add') }).click();
      await page.getByLabel(zh('field.attachments.name')).fill('报告.pdf');
      await page.getByLabel(zh('field.attachments.url')).fill('/files/report.pdf');
      await page.getByLabel(zh('field.sizeBytes')).fill('1024');
      await page.getByLabel(zh('related.add')).fill('氢');
      await page.locator('.found button').first().click();
      await page.getByLabel(zh('unrelated.add')).fill('氢');
      await page.locator('.found button').nth(1).click();
      await page.getByLabel(zh('field.embargoUntil')).fill('2031-01-01T08:00');
      await page.keyboard.press('Control+s');
      await said('done.UPDATE');
      const { manuscript } = await api(
        `query($id: ID!) { manuscript(id: $id) { content {
          cover { url alt } gallery { caption } attachments { name url sizeBytes } related { id } unrelated { id } embargoUntil
        } } }`,
        { id: other },
        await secondSession(),
      );
      const { cover, gallery, attachments, related, unrelated, embargoUntil } = manuscript.content;
      assert.deepEqual(cover, { url: icon, alt: '图标' });
      assert.deepEqual(gallery, [{ caption: '图说一' }]);
      // The API makes the address absolute.
      assert.deepEqual(attachments, [{ name: '报告.pdf', url: attachments[0].url, sizeBytes: 1024 }]);
      assert.ok(attachments[0].url.endsWith('/files/report.pdf'));
      assert.equal(related.length, 1);
      assert.equal(unrelated.length, 1);
      assert.notEqual(unrelated[0].id, related[0].id);
      assert.equal(embargoUntil, '2031-01-01T08:00:00+08:00');
      await page.locator('.writing-beside').screenshot({ path: join(screenshots, 'beside.png') });
    });
  }

  await check('who takes over a text is told where it stands already, and what differs', async () => {
    const { articles } = await api('{ articles(first: 30) { nodes { title body { text } } } }');
    const taken = articles.nodes.find(({ body }) => body && [...body.text].length > 120);
    const id = await write(`转载的稿件 ${run}`, `${taken.body.text.replaceAll(/\s+/gu, '')}这一句是本报补充的。`);
    const notice = page.locator('.duplicates');
    await notice.waitFor();
    await notice.getByRole('link', { name: taken.title }).waitFor();
    await notice.locator('summary').first().click();
    await notice.getByText('这一句是本报补充的。').waitFor();
    await page.screenshot({ path: join(screenshots, 'duplicates.png') });
    assert.ok(id);
  });

  await check('a body that rich text cannot hold opens as source, and loses nothing', async () => {
    const token = await secondSession();
    const { articles } = await api('{ articles(first: 1) { nodes { channel { id } } } }');
    const html = '<p>表格如下</p><table><tbody><tr><td colspan="2">甲</td></tr></tbody></table><p>完</p>';
    const { createArticle } = await api(
      `mutation($input: CreateArticleInput!) { createArticle(input: $input) {
        manuscript { id content { pages { html } } } userErrors { field message }
      } }`,
      { input: { content: { title: `有表格的稿件 ${run}`, channel: articles.nodes[0].channel.id, body: html } } },
      token,
    );
    assert.deepEqual(createArticle.userErrors, []);
    const kept = createArticle.manuscript.content.pages[0].html;
    await open(createArticle.manuscript.id);
    const source = page.locator('textarea.source');
    await source.waitFor();
    await page.locator('.notice', { hasText: 'table' }).waitFor();
    assert.equal(await source.inputValue(), kept);
    await page.getByRole('button', { name: zh('page.source') }).click();
    await source.waitFor();
    await source.fill(`${kept}<p>又一段</p>`);
    await step('UPDATE').click();
    await said('done.UPDATE');
    assert.equal(await source.inputValue(), `${kept}<p>又一段</p>`);
  });

  await check('rich text goes to source and back unchanged, and a body has several pages', async () => {
    await write(`两页的稿件 ${run}`, '第一页');
    const button = page.getByRole('button', { name: zh('page.source') });
    await button.click();
    const source = page.locator('textarea.source');
    const html =
      '<h2>小标题</h2><p>文字<strong>粗<em>斜</em></strong><a href="https://example.org/" rel="noopener noreferrer">链接</a></p>' +
      '<ul><li>甲</li><li>乙<ol start="3"><li>丙</li></ol></li></ul><blockquote><p>引文</p></blockquote><hr>';
    await source.fill(html);
    await button.click();
    await page.locator('.rich h2', { hasText: '小标题' }).waitFor();
    await page.getByRole('button', { name: zh('page.add') }).click();
    await page.getByLabel(zh('field.pages.title', { number: 2 })).fill('第二页的标题');
    await page.locator('.rich').nth(1).click();
    await page.keyboard.type('第二页');
    await step('UPDATE').click();
    await said('done.UPDATE');
    await page.reload();
    await page.locator('.rich').nth(1).waitFor();
    await button.first().click();
    assert.equal((await source.inputValue()).replaceAll('\n', ''), html);
  });

  if (abilities.has('putSensitiveWord')) {
    await check('sensitive words are kept, hold an article up, and are marked in it', async () => {
      const word = `禁词${run}`;
      await page.goto(`${address}#/words`);
      await labelled('words.word').fill(word);
      await labelled('words.note').fill('先问主编');
      await page.getByRole('button', { name: zh('words.put') }).click();
      await page.locator('.row-title', { hasText: word }).waitFor();
      await screenshot(page, 'words');
      await write(`含敏感词的稿件 ${run}`, `前文 & 前文${word}后文。`);
      await step('SUBMIT').click();
      await inState('IN_REVIEW');
      await page.locator('.held mark').waitFor();
      assert.equal(await page.locator('.held mark').innerText(), word);
      await screenshot(page, 'held');
      const refused = `拒词${run}`;
      await page.goto(`${address}#/words`);
      await labelled('words.word').fill(refused);
      await page.locator('.words select').selectOption('REFUSE');
      await page.getByRole('button', { name: zh('words.put') }).click();
      await page.locator('.row-title', { hasText: refused }).waitFor();
      await write(`不能送审的稿件 ${run}`, `这里有${refused}。`);
      await step('SUBMIT').click();
      await page
        .locator('.notice', { hasText: zh('held.refused') })
        .locator('mark', { hasText: refused })
        .waitFor();
      await inState('DRAFT');
      await page.goto(`${address}#/list?held=1`);
      await page.locator('.row-title', { hasText: '含敏感词的稿件' }).first().waitFor();
      await page.goto(`${address}#/words`);
      for (const removed of [word, refused]) {
        await page.getByRole('button', { name: zh('sort.remove', { name: removed }) }).click();
        await page.locator('.row-title', { hasText: removed }).waitFor({ state: 'detached' });
      }
    });
  }

  if (abilities.has('placementSlots') && abilities.has('setPlacement')) {
    await check('a slot is filled, and put in order by keyboard', async () => {
      await page.goto(`${address}#/placements`);
      await page.locator('.slot').waitFor();
      while ((await page.locator('.sortable > li').count()) < 2) {
        const before = await page.locator('.sortable > li').count();
        await page.locator('.picker input').fill(['氢', '沙'][before]);
        await page.locator('.found button').nth(before).click();
        await page.locator('.sortable > li').nth(before).waitFor();
      }
      const titles = () => page.locator('.item-title').allInnerTexts();
      const before = await titles();
      const handle = page.locator('.sortable .handle').first();
      await handle.focus();
      await page.keyboard.press('Alt+ArrowDown');
      assert.deepEqual((await titles()).slice(0, 2), [before[1], before[0]]);
      assert.equal(
        await page.evaluate(() => document.activeElement.closest('li')?.previousElementSibling !== null),
        true,
      );
      await page.locator('[data-step=placement]').click();
      await said('done.placement');
      await screenshot(page, 'placements');
      await page.reload();
      await page.locator('.slot').waitFor();
      assert.deepEqual((await titles()).slice(0, 2), [before[1], before[0]]);
    });

    await check('items of a slot are dragged', async () => {
      const titles = () => page.locator('.item-title').allInnerTexts();
      const before = await titles();
      await page.locator('.sortable .handle').nth(1).dragTo(page.locator('.sortable > li').first());
      assert.deepEqual((await titles()).slice(0, 2), [before[1], before[0]]);
    });
  }

  await check('an article is withdrawn after its title is typed, and readers are told', async () => {
    await open(id);
    await step('WITHDRAW').click();
    const areas = dialog().locator('textarea');
    await areas.nth(0).fill('内容有误');
    await areas.nth(1).fill('本文已撤回。');
    assert.ok(await dialog().locator('button[type=submit]').isDisabled());
    await dialog().locator('.confirm input').fill(text.title);
    await screenshot(page, 'withdraw');
    await take();
    await inState('WITHDRAWN');
    const { article, withdrawal } = await readers(id);
    assert.equal(article, null);
    assert.equal(withdrawal.notice, '本文已撤回。');
    if (abilities.has('withdrawalReport')) {
      await page.locator('.report', { hasText: zh('report.confirmed') }).waitFor();
      await screenshot(page, 'withdrawn');
    }
  });

  await check('it is restored', async () => {
    await step('RESTORE').click();
    await dialog().locator('textarea').fill('已核实');
    await take();
    await inState('PUBLISHED');
    assert.equal((await readers(id)).article.title, text.title);
  });

  if (abilities.has('takedowns') && abilities.has('closeTakedown')) {
    await check('of two complaints one is refused, and one is closed by a withdrawal', async () => {
      if (abilities.has('requestTakedown')) {
        const { articles } = await api('{ articles(first: 6) { nodes { url } } }');
        for (const { url } of articles.nodes.slice(4)) {
          const { requestTakedown } = await api(
            'mutation($input: RequestTakedownInput!) { requestTakedown(input: $input) { userErrors { message } } }',
            { input: { url, name: '王磊', contact: 'wang@example.org', claim: '未经授权转载，请删除。' } },
          );
          assert.deepEqual(requestTakedown.userErrors, []);
        }
      }
      const cases = page.locator('.cases a');
      await page.goto(`${address}#/takedowns?state=OPEN`);
      await cases.nth(1).click();
      await page.locator('.case').waitFor();
      await screenshot(page, 'takedown');
      await page.locator('.case .close-case textarea').fill('没有依据');
      await page.locator('[data-step=refuse]').click();
      await said('done.takedownRefused');
      await page.goto(`${address}#/takedowns?state=OPEN`);
      await page.locator('.case').waitFor({ state: 'detached' });
      await cases.first().click();
      await page.locator('.case [data-step=WITHDRAW]').click();
      const title = await dialog().locator('.about').innerText();
      await dialog().locator('.confirm input').fill(title);
      await take();
      await said('done.WITHDRAW');
      await page.goto(`${address}#/takedowns?state=UPHELD`);
      await cases.first().click();
      await page.locator('.case .badge', { hasText: zh('takedown.UPHELD') }).waitFor();
      await page.locator('.case .badge', { hasText: zh('state.WITHDRAWN') }).waitFor();
    });
  }

  await check('the session goes on when the access token ends, in two tabs at once', async () => {
    const second = await watch(await page.context().newPage());
    await second.locator('.manuscripts tbody tr').first().waitFor();
    const kept = await session();
    const spent = kept.refreshToken;
    await session({ ...kept, accessTokenExpiresAt: new Date(Date.now() + 1000).toISOString() });
    let refreshes = 0;
    for (const tab of [page, second]) {
      tab.on('request', (request) => {
        if (request.postData()?.includes('refreshSession')) refreshes += 1;
      });
    }
    const listed = [page, second].map((tab) =>
      tab.waitForResponse((it) => it.request().postData()?.includes('"mine":true')),
    );
    await Promise.all([page.goto(`${address}#/list?mine=1`), second.goto(`${address}#/list?mine=1`)]);
    for (const response of await Promise.all(listed)) assert.equal((await response.json()).errors, undefined);
    assert.equal(refreshes, 1);
    assert.notEqual((await session()).refreshToken, spent);
    await second.close();
  });

  await check('when the session has ended, signing in again saves what was typed', async () => {
    await open(id);
    await labelled('field.subtitle').fill('会话结束前写的');
    await api('mutation { signOut { userErrors { message } } }', {}, (await session()).accessToken);
    // The browser reports the 401 by itself.
    page.expectsErrors = true;
    await page.keyboard.press('Control+s');
    await dialog().locator('input[type=password]').fill(password);
    await screenshot(page, 'sign-in-again');
    await page.keyboard.press('Enter');
    await said('done.UPDATE');
    page.expectsErrors = false;
    assert.equal(await labelled('field.subtitle').inputValue(), '会话结束前写的');
  });

  await check('the language can be chosen and is kept', async () => {
    await page.locator('[data-choice=language]').click();
    await page.getByRole('tab', { name: 'History' }).waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    await page.reload();
    await page.getByRole('tab', { name: 'History' }).waitFor();
    await screenshot(page, 'english');
    await page.locator('[data-choice=language]').click();
    await page.getByRole('tab', { name: zh('tab.history') }).waitFor();
  });

  await check('the theme can be chosen and is kept', async () => {
    assert.ok((await brightness(page)) > 200);
    await page.locator('[data-choice=theme]').click();
    await page.locator('[data-choice=theme]').click();
    assert.ok((await brightness(page)) < 80);
    await page.reload();
    await page.locator('.rich').waitFor();
    assert.ok((await brightness(page)) < 80, 'not kept');
    await screenshot(page, 'dark');
    await page.locator('[data-choice=theme]').click();
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.ok((await brightness(page)) < 80, 'the system is not followed');
    await page.emulateMedia({ colorScheme: 'light' });
    assert.ok((await brightness(page)) > 200);
  });

  await check('keys lead to the list, a new article and the help', async () => {
    await page.locator('h1').first().click();
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await page.locator('.manuscripts').waitFor();
    await page.keyboard.press('?');
    await dialog().getByText(zh('help.title')).waitFor();
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    await page.keyboard.press('n');
    await page.waitForURL(/#\/new/);
  });

  await check('everything is reached by Tab, with a focus that can be seen, and every input has a label', async () => {
    await open(id);
    const bad = await page.evaluate(() =>
      [...document.querySelectorAll('input, select, textarea')]
        .filter((it) => it.labels?.length === 0 && !it.getAttribute('aria-label'))
        .map((it) => it.outerHTML.slice(0, 120)),
    );
    assert.deepEqual(bad, []);
    await page.locator('body').press('Tab');
    const seen = new Set();
    for (let i = 0; i < 70; i += 1) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(() => {
        const it = document.activeElement;
        const { outlineStyle, outlineWidth } = getComputedStyle(it);
        return {
          name: `${it.tagName} ${it.type ?? ''} ${it.textContent.slice(0, 20)} ${it.id}`,
          isSeen: outlineStyle !== 'none' && outlineWidth !== '0px',
        };
      });
      if (at.name.startsWith('BODY')) break;
      assert.ok(at.isSeen, `no focus to be seen on ${at.name}`);
      seen.add(at.name);
    }
    assert.ok(seen.size > 25, `only ${seen.size} stops`);
  });

  for (const place of [
    'list',
    'new',
    `article/${id}`,
    `article/${id}/preview`,
    `article/${id}/history`,
    'words',
    'placements',
    'takedowns',
  ]) {
    await check(`360 pixels are enough for ${place.replace(id, 'ID')}`, async () => {
      await page.setViewportSize({ width: 360, height: 740 });
      await page.goto(`${address}#/${place}`);
      await page.waitForTimeout(700);
      assert.ok((await overflow(page)) <= 0, `${await overflow(page)} pixels too wide`);
      await screenshot(page, `360-${place.replace(id, 'ID').replaceAll('/', '-')}`);
    });
  }

  await check('signing out ends the session', async () => {
    await page.setViewportSize({ width: 1360, height: 900 });
    const token = (await session()).accessToken;
    const ended = page.waitForResponse((it) => it.request().postData()?.includes('signOut'));
    await page.getByRole('button', { name: zh('signOut') }).click();
    await page.locator('.door').waitFor();
    await ended;
    assert.equal(await session(), null);
    const response = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body: '{"query":"{ me { name } }"}',
    });
    assert.equal((await response.json()).errors[0].extensions.code, 'UNAUTHENTICATED');
  });
} finally {
  await browser.close();
}

await finish(faults);
