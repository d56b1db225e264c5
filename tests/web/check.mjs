// What all of these scripts do alike: check and count, look out for what must never happen, start the browser.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core'), 'utf8');

let passed = 0;
let failed = 0;
let takePicture = async () => {};

/** Runs `body`; when it throws, the check `name` has failed. */
export async function check(name, body) {
  try {
    await body();
    passed += 1;
    console.log(`ok      ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}\n        ${error.message.split('\n').slice(0, 12).join('\n        ')}`);
    await takePicture(failed).catch(() => {});
  }
}

/** Where a check fails, what `page()` gives is photographed into `folder`. */
export function photographFailures(folder, page) {
  takePicture = async (number) => page()?.screenshot({ path: join(folder, `failed-${number}.png`) });
}

/** What must not happen at any time, by kind: these, and those of `kinds`. Whoever sees one adds it to the kind's list. */
export const faultList = (...kinds) =>
  Object.fromEntries(['console errors', 'page errors', 'violations of a content security policy', ...kinds].map((kind) => [kind, []]));

/** Checks that nothing of `faults` has happened, says how many checks passed, and sets the status. */
export async function finish(faults = {}) {
  for (const [kind, list] of Object.entries(faults)) {
    await check(`no ${kind}`, () => assert.deepEqual([...new Set(list)], []));
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

/** Starts the browser, for which there are no hosts but this one and those of `hosts`, rules of its resolver. */
export const launch = (hosts = []) =>
  chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--host-resolver-rules=${[...hosts, 'MAP * ~NOTFOUND', 'EXCLUDE 127.0.0.1'].join(', ')}`,
    ],
  });

/** Lets every document of `context` say in its console what its policy has kept off. */
export const watchPolicy = (context) =>
  context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const { effectiveDirective, blockedURI, sourceFile, lineNumber, columnNumber } = event;
      const place = `${sourceFile}:${lineNumber}:${columnNumber}`;
      console.info(`policy violated: ${effectiveDirective} ${blockedURI} at ${place} in ${location.pathname}`);
    });
  });

/** Adds to `faults` what `tab` complains of; messages that `isExpected` knows, and all while the tab `expectsErrors`, are none. */
export function listen(tab, faults, isExpected = () => false) {
  tab.on('console', (message) => {
    if (message.text().startsWith('policy violated: ')) {
      if (!isExpected(message)) faults['violations of a content security policy'].push(message.text());
    } else if (['error', 'warning'].includes(message.type()) && !tab.expectsErrors && !isExpected(message)) {
      faults['console errors'].push(message.text());
    }
  });
  tab.on('pageerror', (error) => faults['page errors'].push(error.message));
}

/** What axe complains of in the document of `tab`, not in its frames. */
export async function axe(tab) {
  await tab.evaluate(axeSource);
  const { violations } = await tab.evaluate(() => axe.run(document, { iframes: false, resultTypes: ['violations'] }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}
