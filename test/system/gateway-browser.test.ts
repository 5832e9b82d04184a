import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { AUTHORIZED, KEY, startGateway } from '../support/gateway.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
});
afterAll(() => browser.close());

/** What a page of a control room does: a ticket for each socket, a line of text for each frame. */
const PAGE = (api: string, key: string) => `<!doctype html><title>Beamline</title><pre id="out"></pre><script>
  const say = (line) => (out.textContent += line + '\\n');
  const out = document.getElementById('out');
  async function watch(path) {
    const reply = await fetch('${api}/api/auth/ws-ticket', {method: 'POST', headers: {Authorization: 'ApiKey ${key}'}});
    const {ticket} = await reply.json();
    const socket = new WebSocket('${api}'.replace('http', 'ws') + path + '?ticket=' + ticket);
    socket.onopen = () => say(path + ' is open');
    socket.onmessage = ({data}) => {
      const {msg} = JSON.parse(data);
      say(path + ' ' + (typeof msg === 'string' ? msg.trim() : msg.status.manager_state));
    };
  }
  for (const path of ['/api/status/ws', '/api/info/ws', '/api/console_output/ws']) void watch(path);
</script>`;

test('a page opens the three sockets by ticket and prints live lines', async () => {
  // Given a page of another origin, which the gateway lists
  const pages = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(PAGE(gateway.url, KEY));
  }).listen(0, '127.0.0.1');
  await once(pages, 'listening');
  const origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
  await using gateway = await startGateway(undefined, { allow_origins: [origin] });

  // When it is open and things happen
  const page = await browser.newPage();
  await page.goto(origin);
  const line = (text: string) => page.locator('#out', { hasText: text }).waitFor();
  for (const path of ['/api/status/ws', '/api/info/ws', '/api/console_output/ws']) await line(`${path} is open`);
  gateway.manager.change({ manager_state: 'executing_queue' });
  await gateway.manager.publishStatus();
  await gateway.manager.publishConsole('Starting the plan\n');

  // Then it shows them
  await line('/api/status/ws executing_queue');
  await line('/api/info/ws executing_queue');
  await line('/api/console_output/ws Starting the plan');
  await page.close();
  pages.close();
});

test('the documentation is shown under a policy that lets no foreign script in', async () => {
  await using gateway = await startGateway();
  const page = await browser.newPage();
  const refused: string[] = [];
  page.on('console', (message) => message.type() === 'error' && refused.push(message.text()));

  const reply = await page.goto(`${gateway.url}/docs/`);
  await page.locator('.opblock-summary-path', { hasText: '/api/queue/item/add' }).first().waitFor();

  expect(reply?.headers()['content-security-policy']).toMatch(/script-src 'self'/);
  expect(reply?.headers()['content-security-policy']).not.toMatch(/script-src[^;]*unsafe/);
  expect(refused).toEqual([]);
  expect((await gateway.ask('/openapi.json', { headers: AUTHORIZED })).status).toBe(200);
  await page.close();
});
