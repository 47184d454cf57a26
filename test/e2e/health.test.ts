// Health on a real control plane, from a commit to what people read at the hub: pods that cannot start, their repair, and
// a custom kind under rules of the hub and of its application. kwok plays the kubelet, and where a container must fail
// the test does. Times are printed and not asserted.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAgentWorld, type AgentWorld, type InstanceView } from '../support/agent-world.ts';
import { startControlPlanes, type ControlPlane } from '../support/control-plane.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { describeOnKube } from '../support/missing.ts';
import { until } from '../support/until.ts';
import { worldOnPlane } from '../support/world-on-plane.ts';

const PATIENT = { timeoutMs: 60_000, intervalMs: 20 };
const MERGE = 'application/merge-patch+json';
const PODS = '/api/v1/namespaces/shop/pods';
const ORDER = '/apis/shop.example/v1/namespaces/shop/orders/first';

const deployment = (image: string) => ({
  'web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "registry.example/${image}" }] }
`,
});

const order = (items: number) => ({
  'definition.yaml': `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: orders.shop.example }
spec:
  group: shop.example
  scope: Namespaced
  names: { kind: Order, listKind: OrderList, plural: orders, singular: order }
  versions:
    - name: v1
      served: true
      storage: true
      subresources: { status: {} }
      schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } }
`,
  'order.yaml': `apiVersion: shop.example/v1\nkind: Order\nmetadata: { name: first }\nspec: { items: ${items} }\n`,
});

const ofHub = `rules:
  - group: shop.example
    kinds: [Order]
    cases:
      - field: status.phase
        means: { Delivered: HEALTHY, Lost: DEGRADED, '*': PROGRESSING }
        detail: status.message
`;
const ofApplication = [
  {
    apiVersion: 'shop.example/v1',
    kind: 'Order',
    failed: "self.status.phase == 'Delivered' && self.spec.items > 5",
    current: "self.status.phase in ['Delivered', 'Lost']",
  },
];

let plane: ControlPlane;
let hub: TestHub;
let world: AgentWorld;

interface Refusable {
  readonly refusal: { readonly code: string; readonly reasons: readonly string[] } | null;
}

async function saveHubRules(rules: unknown): Promise<Refusable['refusal']> {
  const { saveHealthRules } = await hub.graphql<{ saveHealthRules: Refusable }>(
    'mutation ($rules: JSON!) { saveHealthRules(rules: $rules) { refusal { code reasons } } }',
    { rules },
  );
  return saveHealthRules.refusal;
}

async function saveApplicationRules(healthRules: unknown): Promise<readonly string[]> {
  const source = { repository: world.repository.url, ref: 'main', path: 'app' };
  const input = { name: world.name, namespace: 'shop', policy: world.name, source, healthRules };
  const { errors } = await hub.answer(
    'mutation ($input: ApplicationInput!) { saveApplication(input: $input) { refusal { code } } }',
    { input },
  );
  return (errors ?? []).map(({ message }) => message);
}

/** Waits until the hub tells so of the instance. */
function hubSays(health: string, message: RegExp | null): Promise<InstanceView> {
  return until(
    `the hub to say ${health} ${String(message)}`,
    async () => {
      const seen = await world.instance();
      const isSo =
        seen?.health === health && seen.sync === 'SYNCED' && (message?.test(seen.message ?? '') ?? true);
      if (isSo) return seen;
      throw new Error(JSON.stringify(seen));
    },
    PATIENT,
  );
}

/** Names of the pods of a release that are in that phase. */
async function pods(image: string, phase: string): Promise<readonly string[]> {
  const { body } = await plane.api<{ items: KubernetesObject[] }>('GET', PODS);
  const isOne = ({ spec, status }: KubernetesObject): boolean =>
    JSON.stringify(spec).includes(`registry.example/${image}"`) &&
    (status as { readonly phase?: string }).phase === phase;
  return body.items.filter(isOne).map(({ metadata }) => metadata.name);
}

/** While nothing is scheduled new pods stay as they are made: kwok has no node to start them on. */
async function setSchedulable(isSchedulable: boolean): Promise<void> {
  await plane.api('PATCH', '/api/v1/nodes/n1', { spec: { unschedulable: !isSchedulable } }, MERGE);
}

/** What a kubelet writes of a container that waits for its next try. */
async function failContainer(
  pod: string,
  phase: string,
  waiting: { reason: string; message: string },
): Promise<void> {
  const container = { name: 'web', image: 'x', imageID: '', ready: false, restartCount: 3 };
  const conditions = [{ type: 'Ready', status: 'False' }];
  const status = { phase, conditions, containerStatuses: [{ ...container, state: { waiting } }] };
  const answer = await plane.api('PATCH', `${PODS}/${pod}/status`, { status }, MERGE);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
}

function took(what: string, sinceMs: number): void {
  process.stdout.write(`${what}: ${Math.round(performance.now() - sinceMs)} ms\n`);
}

describeOnKube('health, from a commit to the hub:', () => {
  beforeAll(async () => {
    [plane] = await startControlPlanes(['health']);
    hub = await startTestHub();
    world = await startAgentWorld(hub, hub.url, 'health', {
      cluster: worldOnPlane(plane),
      files: { ...deployment('shop:1'), ...order(1) },
    });
    world.start();
    await world.synced(1, 90_000);
  }, 180_000);
  afterAll(async () => {
    await world?.stop();
    await hub?.stop();
    await plane?.stop();
  });

  it('an image that cannot be pulled makes the instance DEGRADED, with pod, container and reason', async () => {
    await setSchedulable(false);
    const [lost = ''] = await pods('shop:1', 'Running');
    await plane.api('DELETE', `${PODS}/${lost}`);
    const [pod = ''] = await until(
      'the pod that takes its place',
      async () => {
        const found = await pods('shop:1', 'Pending');
        return found.length > 0 && found;
      },
      PATIENT,
    );
    await failContainer(pod, 'Pending', { reason: 'ImagePullBackOff', message: 'no such image' });
    const sinceMs = performance.now();
    const seen = await hubSays('DEGRADED', /cannot pull image/);
    took('an image that cannot be pulled was DEGRADED at the hub after', sinceMs);
    expect(seen.message).toContain(`Deployment/shop/web: pod "${pod}": container "web" cannot pull image`);
    expect(seen.message).toMatch(/\(since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\)$/);
  });

  it('the fix turns it HEALTHY, for the release that fixed it', async () => {
    await setSchedulable(true);
    const sinceMs = performance.now();
    await world.synced(await world.commitFiles(deployment('shop:2')), 60_000);
    took('the fix, commit and roll-out included, was HEALTHY after', sinceMs);
    expect((await world.instance())?.message).toBeNull();
  });

  it('a crash loop makes a running instance DEGRADED, and its end HEALTHY', async () => {
    const [pod = ''] = await pods('shop:2', 'Running');
    await failContainer(pod, 'Running', { reason: 'CrashLoopBackOff', message: 'back-off 40s' });
    const sinceMs = performance.now();
    const seen = await hubSays('DEGRADED', new RegExp(`pod "${pod}": container "web"`));
    took('a crash loop was DEGRADED at the hub after', sinceMs);
    expect(seen.message).toMatch(/crash|restart/i);
    await plane.api('DELETE', `${PODS}/${pod}`);
    await hubSays('HEALTHY', null);
  });

  it('a bad expression is refused with its place, by hub and application, and changes nothing', async () => {
    const bad = `- group: shop.example\n  kinds: [Order]\n  current: self.status.phase ==\n`;
    const refusal = await saveHubRules(bad);
    expect(refusal?.code).toBe('INVALID_HEALTH_RULES');
    expect(refusal?.reasons[0]).toMatch(/^rules\[0\]\.current, line 3, column 12: .+ at character \d+, near/);
    expect((await saveApplicationRules(bad)).join()).toContain('rules[0].current, line 3, column 12');
    expect(await world.instance()).toMatchObject({ health: 'HEALTHY', sync: 'SYNCED' });
  });

  it("a custom kind is judged by the hub's rule as soon as that is saved", async () => {
    const sinceMs = performance.now();
    expect(await saveHubRules(ofHub)).toBeNull();
    await hubSays('PROGRESSING', /Order\/shop\/first: its controller has not yet reported/);
    took("a rule of the hub's showed in the health of an instance after", sinceMs);
    await plane.api(
      'PATCH',
      `${ORDER}/status`,
      { status: { phase: 'Lost', message: 'fell off the boat' } },
      MERGE,
    );
    const seen = await hubSays('DEGRADED', /fell off the boat/);
    expect(seen.message).toMatch(/^Order\/shop\/first: phase is Lost: fell off the boat \(since .+Z\)$/);
  });

  it("its application's own rule comes before the hub's, also at a new release", async () => {
    const sinceMs = performance.now();
    expect(await saveApplicationRules(ofApplication)).toEqual([]);
    await hubSays('HEALTHY', null);
    took("a rule of an application's own showed in its health after", sinceMs);
    const release = await world.commitFiles(order(9));
    await plane.api('PATCH', `${ORDER}/status`, { status: { phase: 'Delivered' } }, MERGE);
    await hubSays('DEGRADED', /Order\/shop\/first: has failed/);
    expect((await world.instance())?.observedRelease).toEqual({ number: release });
  });

  it('rules outlive a restart of the agent, and are gone when they are taken back', async () => {
    const [before, after] = [await world.instance(), world.start()];
    await until('the new agent to be connected', () => after.said('connected to the hub'), PATIENT);
    await hubSays('DEGRADED', /has failed/);
    expect(before?.health).toBe('DEGRADED');
    expect(await saveApplicationRules(null)).toEqual([]);
    await hubSays('HEALTHY', null);
    await plane.api('PATCH', `${ORDER}/status`, { status: { phase: 'Lost' } }, MERGE);
    await hubSays('DEGRADED', /phase is Lost/);
    expect(await saveHubRules([])).toBeNull();
    await hubSays('HEALTHY', null);
  });
});
