// Checks and webhooks of promotions against a real server and a real Postgres, through the hub's own jobs.
import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunRule } from '../../src/promotions/checks/domain/check-run.ts';
import { startTestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';
import { CheckWorld, type AskedRequest } from './promotions-checks-fixture.ts';

const SECRET = 'swordfish-of-the-tests-0001';

let checks: CheckWorld;
beforeEach(async () => {
  checks = await CheckWorld.start();
});
afterEach(() => checks.stop());

const http = (more: Partial<Extract<RunRule, { kind: 'http' }>> = {}): RunRule => ({
  name: 'smoke',
  kind: 'http',
  url: `${checks.url}/healthz?token=hunter2`,
  method: 'GET',
  expectStatus: 200,
  expectJson: null,
  intervalMs: 50,
  timeoutMs: 60_000,
  successes: 1,
  failures: 3,
  ...more,
});

async function eventsOf(kind: string): Promise<readonly { message: string; promotion: string | null }[]> {
  const { activity } = await checks.world.hub.graphql<{
    activity: { nodes: { message: string; promotion: string | null }[] };
  }>('query ($kind: [String!]) { activity(filter: { kind: $kind }) { nodes { message promotion } } }', {
    kind: [kind],
  });
  return activity.nodes;
}

describe('an HTTP check', () => {
  it('is asked until it passes, and then says so in the record', async () => {
    checks.answer = (_request, n, response) => void response.writeHead(n < 3 ? 503 : 200).end();
    await checks.begin('smoke', http());
    expect(await checks.ended('smoke')).toMatchObject({ state: 'PASSED', expired: false });
    expect(checks.asked).toHaveLength(3);
    const [event] = await eventsOf('check.passed');
    expect(event).toEqual({
      message: expect.stringMatching(/^smoke of release 1 of shop in dev passed: GET .* answered 200\.$/),
      promotion: (await checks.world.find('dev', 1)).id,
    });
    expect(await checks.everything()).not.toMatch(/answered.*hunter2/);
  });

  it('fails after as many bad answers in a row as its rule says, with the last one as evidence', async () => {
    checks.answer = (_request, _n, response) => void response.writeHead(500).end();
    await checks.begin('smoke', http({ failures: 2 }));
    const ended = await checks.ended('smoke');
    expect(ended).toMatchObject({ state: 'FAILED', evidence: { status: 500, release: 1, attempts: 2 } });
    expect(checks.asked).toHaveLength(2);
  });

  it('ends INCONCLUSIVE, and expired, when nobody answers in its time', async () => {
    checks.answer = () => undefined;
    await checks.begin('smoke', http({ timeoutMs: 1_500 }));
    expect(await checks.ended('smoke')).toMatchObject({ state: 'INCONCLUSIVE', expired: true });
  });

  it('is asked anew from the beginning when it is restarted', async () => {
    checks.answer = () => undefined;
    await checks.begin('smoke', http({ timeoutMs: 1_100 }));
    await checks.ended('smoke');
    checks.answer = (_request, _n, response) => void response.end();
    await checks.database.transaction((tx) => checks.store.restart(tx, checks.promotionId));
    expect(await checks.ended('smoke')).toMatchObject({ state: 'PASSED' });
  });

  it('stops being asked when its promotion ends', async () => {
    checks.answer = (_request, _n, response) => void response.writeHead(500).end();
    await checks.begin('smoke', http({ failures: 1_000_000 }));
    await until('the first question', () => checks.asked.length > 0);
    await checks.database.sql(`update promotion set state = 'CANCELLED', version = version + 1`);
    await until('a run that nobody may claim', async () => (await checks.store.due(10)).length === 0);
    expect(await checks.store.claim(1n, 1_000)).toBeUndefined();
  });
});

describe('a private address', () => {
  it('is not called where nobody allowed it, however it is written', async () => {
    await checks.stop();
    checks = await CheckWorld.start({ FAIRLEAD_ALLOW_PRIVATE_CHECKS: '10.0.0.0/8' });
    const port = new URL(checks.url).port;
    await checks.begin('literal', http());
    await checks.begin('name', http({ url: `http://localhost:${port}/` }));
    await checks.begin('odd', http({ url: `http://0x7f000001:${port}/` }));
    await checks.begin('prometheus', metric());
    const ends = await Promise.all(
      ['literal', 'name', 'odd', 'prometheus'].map((gate) => checks.ended(gate)),
    );
    expect(ends.map(({ state }) => state)).toEqual(Array(4).fill('INCONCLUSIVE'));
    expect(ends[0]?.message).toMatch(/FAIRLEAD_ALLOW_PRIVATE_CHECKS/);
    expect(checks.asked).toEqual([]);
  });
});

const metric = (more: Partial<Extract<RunRule, { kind: 'metric' }>> = {}): RunRule => ({
  name: 'errors',
  kind: 'metric',
  prometheus: checks.url,
  query: 'rate(errors[5m])',
  condition: '< 0.01',
  intervalMs: 50,
  count: 2,
  failures: 1,
  ...more,
});

describe('a Prometheus check', () => {
  const measure = (...values: string[]) => {
    checks.answer = (_request, n, response) => {
      const value = values[Math.min(n, values.length) - 1];
      const result = value === undefined ? [] : [{ metric: {}, value: [0, value] }];
      response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
    };
  };

  it('sends the query, and passes when all its measurements hold', async () => {
    measure('0.001', '0.002');
    await checks.begin('errors', metric());
    expect(await checks.ended('errors')).toMatchObject({ state: 'PASSED' });
    const query = ['/api/v1/query', 'rate(errors[5m])'];
    expect(checks.asked.map(({ url, body }) => [url, new URLSearchParams(body).get('query')])).toEqual([
      query,
      query,
    ]);
  });

  it('fails at the first bad measurement', async () => {
    measure('0.001', '0.5');
    await checks.begin('errors', metric());
    expect(await checks.ended('errors')).toMatchObject({ state: 'FAILED', message: '0.5 is not < 0.01.' });
  });

  it.each([['NaN'], []])('is INCONCLUSIVE on the value %s, and never passes', async (...values) => {
    measure(...values);
    await checks.begin('errors', metric());
    expect(await checks.ended('errors')).toMatchObject({ state: 'INCONCLUSIVE', expired: false });
  });
});

const webhook = (more: Partial<Extract<RunRule, { kind: 'webhook' }>> = {}): RunRule => ({
  name: 'change',
  kind: 'webhook',
  url: `${checks.url}/gate`,
  secretName: 'tickets',
  expiresMs: 60_000,
  ...more,
});

const saveSecret = (value: string = SECRET, token?: string) =>
  checks.world.hub.answer(
    'mutation ($value: String!) { saveSecret(name: "tickets", value: $value) { secret { name savedBy } refusal { code } } }',
    { value },
    token,
  );

const signature = (body: string, secret = SECRET, seconds = Math.floor(Date.now() / 1000)) =>
  `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;

/** The question that the outside system got, and how it answers. */
async function question() {
  const asked = await until<AskedRequest | undefined>('the question', () => checks.asked[0], {
    timeoutMs: 15_000,
  });
  const { answerTo, ...rest } = JSON.parse(asked.body) as { readonly answerTo: string };
  const reply = (body: string, signed: string | undefined): Promise<Response> =>
    fetch(new URL(answerTo, checks.world.hub.url), {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...(signed && { 'x-fairlead-signature': signed }) },
    });
  return { asked, rest, answerTo, reply };
}

describe('a webhook gate', () => {
  it('asks with a signature, and passes by one signed answer, once', async () => {
    expect((await saveSecret()).data).toEqual({
      saveSecret: { secret: { name: 'tickets', savedBy: 'admin' }, refusal: null },
    });
    await checks.begin('change', webhook());
    const { asked, rest, reply } = await question();
    const sent = String(asked.headers['x-fairlead-signature']);
    expect(sent).toBe(signature(asked.body, SECRET, Number(/t=(\d+)/.exec(sent)?.[1])));
    expect(rest).toMatchObject({ gate: 'change', application: 'shop', environment: 'dev', release: 1 });
    const body = JSON.stringify({ verdict: 'PASSED', message: 'CHG-7 is approved' });
    const signed = signature(body);
    const first = await reply(body, signed);
    const again = await reply(body, signed);
    expect([first.status, again.status]).toEqual([200, 404]);
    expect(await checks.ended('change')).toMatchObject({
      state: 'PASSED',
      message: expect.stringContaining('CHG-7 is approved'),
    });
    expect(checks.asked).toHaveLength(1);
  });

  it('takes no answer that is unsigned, old, changed, unreadable or for another key', async () => {
    await saveSecret();
    await checks.begin('change', webhook());
    const { answerTo, reply } = await question();
    const body = JSON.stringify({ verdict: 'PASSED' });
    const old = Math.floor(Date.now() / 1000) - 600;
    const answers = [
      await reply(body, undefined),
      await reply(body, signature(body, 'another secret of them')),
      await reply(body, signature(body, SECRET, old)),
      await reply(`${body} `, signature(body)),
      await reply('{"verdict":"FINE"}', signature('{"verdict":"FINE"}')),
      await fetch(new URL(`${answerTo.slice(0, -2)}xx`, checks.world.hub.url), {
        method: 'POST',
        body,
        headers: { 'x-fairlead-signature': signature(body) },
      }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 400, 404]);
    expect(await checks.run('change')).toMatchObject({ state: 'RUNNING' });
    expect((await reply('{"verdict":"FAILED"}', signature('{"verdict":"FAILED"}'))).status).toBe(200);
    expect(await checks.ended('change')).toMatchObject({ state: 'FAILED' });
  });

  it('waits for its secret, and tries again until it is delivered', async () => {
    checks.answer = (_request, n, response) => void response.writeHead(n === 1 ? 500 : 204).end();
    await checks.begin('change', webhook());
    await until(
      'a word about the secret',
      async () => /saveSecret/.test((await checks.run('change')).message),
      {
        timeoutMs: 15_000,
      },
    );
    await saveSecret();
    await until('a second delivery', () => checks.asked.length === 2, { timeoutMs: 30_000 });
    const [first, second] = checks.asked.map(
      ({ body }) => (JSON.parse(body) as { answerTo: string }).answerTo,
    );
    expect(first).toBe(second);
  }, 60_000);

  it('is expired when nobody answers in time', async () => {
    await saveSecret();
    await checks.begin('change', webhook({ expiresMs: 1_200 }));
    const { reply } = await question();
    expect(await checks.ended('change')).toMatchObject({ state: 'INCONCLUSIVE', expired: true });
    expect((await reply('{"verdict":"PASSED"}', signature('{"verdict":"PASSED"}'))).status).toBe(404);
  });

  it('leaves no trace of the secret or of the key in what the hub keeps', async () => {
    await saveSecret();
    await checks.begin('change', webhook());
    const { answerTo, reply } = await question();
    await reply('{"verdict":"PASSED"}', signature('{"verdict":"PASSED"}'));
    await checks.ended('change');
    const kept = await checks.everything();
    expect(kept).toContain('tickets');
    expect(kept.includes(SECRET) || kept.includes(answerTo.split('/').at(-1)!)).toBe(false);
  });
});

describe('a named secret', () => {
  it('is saved by an ADMIN alone, and not when it is short', async () => {
    const { createApiToken } = await checks.world.hub.graphql<{ createApiToken: { secret: string } }>(
      'mutation { createApiToken(input: { name: "o", user: "olga", role: OPERATOR }) { secret } }',
    );
    const codes = [await saveSecret(SECRET, createApiToken.secret), await saveSecret('short')].map(
      ({ errors }) => [errors?.[0]?.extensions.code, errors?.[0]?.message.includes('short"')],
    );
    expect(codes).toEqual([
      ['FORBIDDEN', false],
      ['INVALID', false],
    ]);
  });
});

describe('runs on several replicas', () => {
  it('are asked once each, though two hubs look for them', async () => {
    const second = await startTestHub({
      FAIRLEAD_DATABASE_URL: checks.world.hub.databaseUrl,
      FAIRLEAD_ALLOW_PRIVATE_CHECKS: 'all',
    });
    try {
      const gates = Array.from({ length: 24 }, (_, n) => `check-${n}`);
      for (const gate of gates) await checks.begin(gate, http({ url: `${checks.url}/${gate}` }));
      const ends = await Promise.all(gates.map((gate) => checks.ended(gate)));
      expect(new Set(ends.map(({ state }) => state))).toEqual(new Set(['PASSED']));
      expect(checks.asked.map(({ url }) => url).toSorted()).toEqual(
        gates.map((gate) => `/${gate}`).toSorted(),
      );
    } finally {
      await second.stop();
    }
  });

  it('are claimed by one of two that look at the same moment; without the lock both would have it', async () => {
    await checks.world.hub.stop();
    await checks.begin('smoke', http());
    const [run] = await checks.database.sql<{ id: bigint }>('select id from check_run');
    const claims = await Promise.all([1, 2].map(() => checks.store.claim(run!.id, 60_000)));
    expect(claims.filter((claim) => claim !== undefined)).toHaveLength(1);
    await checks.database.sql(`update check_run set next_at = now()`);
    const unprotected = await Promise.all(
      [1, 2].map(() => checks.database.sql('select id from check_run where next_at <= now()')),
    );
    expect(unprotected.flat()).toHaveLength(2);
  });

  it('are asked again soon where the answer could not be stored', async () => {
    await checks.database.sql('create sequence faults');
    await checks.database.sql(
      `create function fail_once() returns trigger language plpgsql
         as $$ begin if nextval('faults') = 1 then raise 'the disk is full'; end if; return new; end $$`,
    );
    await checks.database.sql(
      `create trigger fails before insert on event for each row when (new.kind = 'check.passed') execute function fail_once()`,
    );
    await checks.begin('smoke', http());
    expect(await checks.ended('smoke')).toMatchObject({ state: 'PASSED' });
    expect(checks.asked).toHaveLength(2);
  });

  it('are taken over from one that died, whose late word is dropped', async () => {
    await checks.world.hub.stop();
    await checks.begin('smoke', http());
    const [run] = await checks.database.sql<{ id: bigint }>('select id from check_run');
    const dead = (await checks.store.claim(run!.id, 1))!;
    const next = await until('the lease to end', () => checks.store.claim(run!.id, 60_000));
    const attempt = { state: 'PASSED', successes: 1, failures: 0, unknowns: 0, nextInMs: null } as const;
    const save = (claim: typeof next, message: string): Promise<boolean> =>
      checks.database.transaction((tx) =>
        checks.store.save(tx, claim, { ...attempt, message, evidence: {} }),
      );
    expect([await save(dead, 'late'), await save(next, 'go\0od'), await save(next, 'twice')]).toEqual([
      false,
      true,
      false,
    ]);
    expect(await checks.run('smoke')).toMatchObject({ state: 'PASSED', message: 'good' });
  });
});

describe('gates of a policy', () => {
  /** The promotion's step gets these gates, and a cluster to roll to. */
  async function gated(...gates: readonly object[]): Promise<void> {
    const steps = [{ environment: 'dev', trigger: 'AUTOMATIC', gates }];
    await checks.world.hub.graphql(
      'mutation ($i: PolicyInput!) { savePolicy(input: $i) { refusal { message } } }',
      { i: { name: 'way', steps } },
    );
    await checks.world.cluster('dev-1', 'dev');
  }

  const kinds = async () => (await checks.world.find('dev', 1)).waitingOn.map(({ kind }) => kind);

  it('wait for the outside system, and then for a check that is asked last, and start', async () => {
    await saveSecret();
    let isUp = false;
    checks.answer = ({ url }, _n, response) =>
      void response.writeHead(url === '/gate' || isUp ? 200 : 503).end();
    await gated(
      { webhook: { url: `${checks.url}/gate`, secretName: 'tickets' } },
      { check: { name: 'up', http: { url: `${checks.url}/up`, interval: '1s', failures: 100 } } },
    );
    const { rest, reply } = await question();
    expect(rest).toMatchObject({ gate: 'webhook' });
    expect(await kinds()).toEqual(['WEBHOOK', 'CHECK']);
    await reply('{"verdict":"PASSED"}', signature('{"verdict":"PASSED"}'));
    await expect.poll(kinds, { timeout: 15_000 }).toEqual(['CHECK']);
    await until('the check to be asked', () => checks.asked.some(({ url }) => url === '/up'), {
      timeoutMs: 15_000,
    });
    isUp = true;
    await checks.world.tells('dev#1 ROLLING');
  });

  it('fail the promotion by a check that failed, without a rollback', async () => {
    checks.answer = (_request, _n, response) => void response.writeHead(500).end();
    await gated({ check: { name: 'up', http: { url: `${checks.url}/up`, failures: 1 } } });
    await checks.world.tells('dev#1 FAILED');
    expect((await checks.world.find('dev', 1)).explanation.join(' ')).toMatch(/answered 500, not 200/);
  });

  it('expire the promotion where the outside system says nothing in time', async () => {
    await saveSecret();
    await gated({ webhook: { url: `${checks.url}/gate`, secretName: 'tickets', expires: '2s' } });
    await checks.world.tells('dev#1 EXPIRED');
  });
});
