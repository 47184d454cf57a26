// The examples of docs/promotions.md: each is saved by a hub as it stands there.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestHub, type TestHub } from '../support/hub.ts';

const page = readFileSync(new URL('../../docs/promotions.md', import.meta.url), 'utf8');
const operations = [...page.matchAll(/```graphql\n(.*?)```/gs)].map(([, text = '']) => text);

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub();
  for (const name of ['dev', 'staging', 'prod']) {
    await hub.graphql(
      `mutation { saveEnvironment(input: { name: "${name}", selector: "env=${name}" }) { refusal { message } } }`,
    );
  }
});
afterAll(() => hub.stop());

describe('the examples of docs/promotions.md', () => {
  it('are there', () => {
    expect(operations.map((text) => /savePolicy|slot/.exec(text)?.[0])).toEqual([
      'slot',
      'savePolicy',
      'savePolicy',
      'savePolicy',
    ]);
  });

  it.each(operations.map((text, n) => [n + 1, text] as const))(
    'number %i is taken by the hub',
    async (_n, text) => {
      const answer = await hub.answer<{ savePolicy?: { policy: { revision: number }; refusal: unknown } }>(
        text,
      );
      expect(answer.errors).toBeUndefined();
      if (text.includes('savePolicy')) {
        expect(answer.data?.savePolicy).toEqual({ policy: { revision: 1 }, refusal: null });
      }
    },
  );
});
