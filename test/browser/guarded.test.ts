import { describe, expect, it } from 'vitest';
import { serve } from '../../src/local/serve.ts';
import { marked } from '../support/marked.ts';
import { hasChromium, openPage } from './open-page.ts';

describe.skipIf(!hasChromium)('the page of dev', () => {
  it('is closed without its token', async () => {
    const { page, dev } = await openPage();
    const response = await page.goto(new URL(dev.places.page).origin);
    expect(response?.status()).toBe(403);
  });

  it('lets a page on another origin neither read nor trigger anything, even one that has the token', async () => {
    const { page, dev } = await openPage();
    const foreign = await serve(
      () => new Response('<title>foreign</title>', { headers: { 'content-type': 'text/html' } }),
    );
    try {
      await page.goto(foreign.url);
      const { origin, search } = new URL(dev.places.page);
      const seen = await page.evaluate(
        async ({ origin, search, body }) => {
          const outcomeOf = async (asked: Promise<Response>) => {
            try {
              const response = await asked;
              return `${response.type} ${response.status} ${(await response.text()).length}`;
            } catch {
              return 'blocked';
            }
          };
          const post = { method: 'POST', body, mode: 'no-cors' } as const;
          const events = await new Promise<string>((resolve) => {
            const source = new EventSource(`${origin}/events${search}`);
            source.onmessage = () => resolve('read');
            source.onerror = () => {
              source.close();
              resolve('blocked');
            };
          });
          const frame = document.createElement('iframe');
          frame.src = `${origin}/${search}`;
          const framed = await new Promise<string>((resolve) => {
            frame.onload = () => {
              try {
                resolve(frame.contentDocument?.title ?? 'closed');
              } catch {
                resolve('closed');
              }
            };
            document.body.append(frame);
          });
          return {
            read: await outcomeOf(fetch(`${origin}/${search}`)),
            call: await outcomeOf(fetch(`${origin}/calls${search}`, post)),
            faults: await outcomeOf(fetch(`${origin}/faults${search}`, { ...post, body: '{"copies":3}' })),
            events,
            framed,
          };
        },
        { origin, search, body: JSON.stringify({ phoneNumber: marked.phone }) },
      );
      expect(seen).toMatchObject({ read: 'blocked', events: 'blocked', framed: 'closed' });
      expect(dev.world.cloud.inbox.received()).toEqual([]);
      expect(dev.world.faults().copies).toBe(1);
    } finally {
      await foreign.close();
    }
  });
});
