// How a kind is followed when the API server ends, breaks or refuses a watch. The server is a script of answers, because
// no real one forgets its history on demand.
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../../agent/src/clock.ts';
import { HealthJudge } from '../../agent/src/drift/health-judge.ts';
import { KindWatcher } from '../../agent/src/drift/kind-watcher.ts';
import { LiveCache } from '../../agent/src/drift/live-cache.ts';
import { RuleRefresh } from '../../agent/src/drift/rule-refresh.ts';
import { WatchSet } from '../../agent/src/drift/watch-set.ts';
import { HttpKubeClient } from '../../agent/src/kube/http-kube-client.ts';
import { silentLog } from '../support/silent-log.ts';
import { until } from '../support/until.ts';

type Answer = (response: ServerResponse) => void;

const verbs = ['get', 'list', 'watch'];
const resources = {
  resources: [
    { name: 'configmaps', kind: 'ConfigMap', namespaced: true, verbs },
    { name: 'secrets', kind: 'Secret', namespaced: true, verbs },
  ],
};
const object = (name: string, resourceVersion: number, kind = 'ConfigMap') => ({
  apiVersion: 'v1',
  kind,
  metadata: {
    name,
    namespace: 'n',
    uid: name,
    resourceVersion: String(resourceVersion),
    labels: { 'fairlead.dev/instance': 'me' },
  },
});
const line = (type: string, of: object) => JSON.stringify({ type, object: of }) + '\n';
const status = (code: number) => ({ kind: 'Status', status: 'Failure', code, message: `scripted ${code}` });
const bookmark = (resourceVersion: number) =>
  line('BOOKMARK', {
    kind: 'ConfigMap',
    apiVersion: 'v1',
    metadata: { resourceVersion: String(resourceVersion) },
  });

const list =
  (resourceVersion: number, ...items: object[]): Answer =>
  (response) =>
    response.end(
      JSON.stringify({
        kind: 'ConfigMapList',
        metadata: { resourceVersion: String(resourceVersion) },
        items,
      }),
    );
const watch =
  (...lines: string[]): Answer =>
  (response) =>
    response.end(lines.join(''));
const refuse =
  (code: number): Answer =>
  (response) =>
    response.writeHead(code).end(JSON.stringify(status(code)));
const forSecrets =
  (answer: Answer): Answer =>
  (response) =>
    (response.req.url?.includes('/secrets') ? answer : refuse(403))(response);
const hold: Answer = (response) => response.flushHeaders();

let server: Server;
let client: HttpKubeClient;
let following: { stop(): void };

afterEach(() => {
  following.stop();
  client.close();
  server.closeAllConnections();
  server.close();
});

/** A server that gives these answers in turn, and tells what it was asked. */
async function serve(answers: Answer[]) {
  const asked: string[] = [];
  server = createServer((request, response) => {
    if (request.url === '/api/v1') return void response.end(JSON.stringify(resources));
    const query = new URL(request.url ?? '', 'http://x').searchParams;
    asked.push(
      query.has('watch')
        ? `WATCH ${query.get('resourceVersion')}`
        : `LIST ${query.get('continue') ?? ''}`.trim(),
    );
    (answers.shift() ?? hold)(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = new HttpKubeClient({ server: address, authorization: async () => undefined }, systemClock);
  const wasAsked = (count: number) =>
    until(`${count} requests`, () => asked.length >= count && asked.slice(0, count));
  return { wasAsked };
}

/** What a cluster's ConfigMaps are followed with. */
function newFollower() {
  const judge = new HealthJudge({ clock: systemClock, log: silentLog, onChange: () => refresh.start() });
  const cache = new LiveCache(judge, () => 0);
  const tools = { kube: client, cache, clock: systemClock, random: () => 0 };
  const watches = new WatchSet(tools);
  const refresh = new RuleRefresh({ cache, watches, clock: systemClock, log: silentLog });
  return { judge, cache, tools, watches, refresh };
}

/** Follows ConfigMaps on a server that gives these answers in turn. */
async function follow(...answers: Answer[]) {
  const { wasAsked } = await serve(answers);
  const { cache, tools } = newFollower();
  const watcher = new KindWatcher(tools, { apiVersion: 'v1', kind: 'ConfigMap' }, () => undefined);
  following = watcher;
  void watcher.run();
  const names = () => ['a', 'b', 'c'].filter((name) => cache.get(`/ConfigMap/n/${name}`));
  return { wasAsked, names, watcher };
}

it('continues an ended watch from the last bookmark', async () => {
  const { wasAsked, names } = await follow(
    list(1, object('a', 1)),
    watch(line('ADDED', object('b', 5)), bookmark(9)),
    hold,
  );
  expect(await wasAsked(3)).toEqual(['LIST', 'WATCH 1', 'WATCH 9']);
  expect(names()).toEqual(['a', 'b']);
});

it.each([
  ['an ERROR event', watch(line('ERROR', status(410)))],
  ['an answer', refuse(410)],
])('lists again when 410 comes as %s, and drops what is gone since', async (_, answer) => {
  const { wasAsked, names } = await follow(
    list(1, object('a', 1), object('b', 1)),
    answer,
    list(20, object('b', 1)),
    hold,
  );
  expect(await wasAsked(4)).toEqual(['LIST', 'WATCH 1', 'LIST', 'WATCH 20']);
  expect(names()).toEqual(['b']);
});

it('continues after a connection that broke in the middle of an event', async () => {
  const broken: Answer = (response) => {
    response.write(line('ADDED', object('b', 5)) + '{"type":"ADDED","obj');
    setImmediate(() => response.destroy());
  };
  const { wasAsked, names } = await follow(list(1), broken, watch(line('ADDED', object('c', 6))), hold);
  expect((await wasAsked(4)).slice(0, 3)).toEqual(['LIST', 'WATCH 1', 'WATCH 5']);
  expect(names()).toEqual(['b', 'c']);
});

it('reads every page of a list', async () => {
  const firstPage: Answer = (response) =>
    response.end(
      JSON.stringify({ metadata: { resourceVersion: '7', continue: 'more' }, items: [object('a', 1)] }),
    );
  const { wasAsked, names } = await follow(firstPage, list(7, object('b', 2)), hold);
  expect(await wasAsked(3)).toEqual(['LIST', 'LIST more', 'WATCH 7']);
  expect(names()).toEqual(['a', 'b']);
});

it('says why the kind cannot be followed, keeps what it knew, and comes back', async () => {
  const {
    wasAsked,
    names,
    watcher: followed,
  } = await follow(list(1, object('a', 1)), refuse(403), refuse(403), list(2, object('b', 2)), hold);
  await until('the refusal shows', () => !followed.state.synced && followed.state.error?.code === 403);
  expect(names()).toEqual(['a']);
  await wasAsked(5);
  expect([names(), followed.state]).toEqual([['b'], { synced: true }]);
});

it('takes a DELETED event as gone, unless a newer version was told before', async () => {
  const { wasAsked, names } = await follow(
    list(1, object('a', 1), object('b', 8)),
    watch(line('DELETED', object('a', 3)), line('DELETED', object('b', 4)), bookmark(9)),
    hold,
  );
  await wasAsked(3);
  expect(names()).toEqual(['b']);
});

/** Rules of the hub change while these kinds are followed, one after the other. */
async function followWithRules(kinds: readonly string[], answers: Answer[]) {
  const { wasAsked } = await serve(answers);
  const { judge, cache, watches, refresh } = newFollower();
  following = {
    stop: () => {
      watches.stop();
      refresh.stop();
    },
  };
  for (const [index, kind] of kinds.entries()) {
    await watches.ready([{ apiVersion: 'v1', kind, namespaced: true }]);
    await wasAsked(2 * (index + 1));
  }
  const health = (kind: string, name: string) => cache.get(`/${kind}/n/${name}`)?.health.health;
  return { wasAsked, judge, health };
}

it('judges anew by a changed health rule with one list for the kind, which it asks for until it is answered', async () => {
  const objects = [object('a', 1), object('b', 1)];
  const answers = [list(1, ...objects), hold, refuse(403), list(1, ...objects)];
  const { wasAsked, judge, health } = await followWithRules(['ConfigMap'], answers);
  const rule = { group: '', kinds: ['ConfigMap'], current: "self.metadata.name == 'a'" };
  judge.setRulesOfHub([rule]);
  expect(await wasAsked(4)).toEqual(['LIST', 'WATCH 1', 'LIST', 'LIST']);
  await until('both to be judged anew', () => health('ConfigMap', 'b') === 'PROGRESSING');
  expect(health('ConfigMap', 'a')).toBe('HEALTHY');
});

it('judges one kind anew although another kind cannot be looked at', async () => {
  const secret = object('s', 1, 'Secret');
  const { judge, health } = await followWithRules(
    ['ConfigMap', 'Secret'],
    [list(1, object('a', 1)), hold, list(1, secret), hold, refuse(403), forSecrets(list(1, secret))],
  );
  judge.setRulesOfHub([{ group: '', kinds: ['ConfigMap', 'Secret'], current: 'false' }]);
  await until('the Secret to be judged anew', () => health('Secret', 's') === 'PROGRESSING');
  expect(health('ConfigMap', 'a')).toBe('HEALTHY');
});
