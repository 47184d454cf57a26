// What the main path plays on: three real control planes with an agent process each, the built hub as a process on its
// own embedded database, and a Git repository. All of them can be killed and started again where they were.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locateTools } from '../../../scripts/go-tools/locate-tools.mjs';
import { startAgentProcess, type AgentProcess } from '../../support/agent-process.ts';
import { startControlPlanes, type ControlPlane } from '../../support/control-plane.ts';
import { freePort } from '../../support/free-port.ts';
import { hubClient } from '../../support/hub.ts';
import { startHubProcess, type HubProcess } from '../../support/hub-process.ts';
import { until } from '../../support/until.ts';
import { makeShopRepository, PLACES, type Place, type ShopRepository } from './shop-repository.ts';
import { Shop } from './shop.ts';

const LAST_WORDS = 3_000;
const ADMIN_TOKEN = 'admin-token-of-the-main-path-01';

/** The programs, and what people do through the API (`shop`). */
export class Stage {
  readonly repository: ShopRepository = makeShopRepository();
  readonly #folder = mkdtempSync(join(tmpdir(), 'fairlead-main-path-'));
  readonly #agents = new Map<Place, AgentProcess>();
  readonly #joinTokens = new Map<Place, string>();
  readonly #planes = new Map<Place, ControlPlane>();
  #hub: HubProcess | undefined;
  #isHubKilled = false;
  #port = 0;

  /** Three empty clusters and an empty hub. */
  static async open(): Promise<Stage> {
    const stage = new Stage();
    const planes = await startControlPlanes(PLACES);
    for (const [index, place] of PLACES.entries()) {
      const plane = planes[index];
      if (plane) stage.#planes.set(place, plane);
    }
    // As root the database runs as another user, who must be able to pass.
    chmodSync(stage.#folder, 0o711);
    stage.#port = await freePort();
    await stage.startHub();
    return stage;
  }

  /** The API as people see it; it outlives the hub's process. */
  get shop(): Shop {
    return new Shop(hubClient(`http://127.0.0.1:${this.#port}`, ADMIN_TOKEN), this.repository.url);
  }

  plane(place: Place): ControlPlane {
    return existing(this.#planes.get(place), `a cluster in ${place}`);
  }

  agent(place: Place): AgentProcess {
    return existing(this.#agents.get(place), `an agent in ${place}`);
  }

  /** Starts the hub, or starts it again on the same port and data. */
  async startHub(): Promise<void> {
    const { paths } = locateTools(['kustomize']);
    this.#hub = await startHubProcess({
      FAIRLEAD_DATA_DIR: join(this.#folder, 'hub'),
      FAIRLEAD_ADMIN_TOKEN: ADMIN_TOKEN,
      FAIRLEAD_PORT: String(this.#port),
      FAIRLEAD_KUSTOMIZE: existing(paths['kustomize'], 'kustomize'),
      // Only a refresh looks at the repository: a test knows which look made a release.
      FAIRLEAD_GIT_INTERVAL: '24h',
    });
    this.#isHubKilled = false;
  }

  /** `kill -9`, and gone when this comes back; its database stays behind. */
  async killHub(): Promise<void> {
    await existing(this.#hub, 'a hub').end('SIGKILL');
    this.#isHubKilled = true;
  }

  async killAgent(place: Place): Promise<void> {
    await this.agent(place).end('SIGKILL');
  }

  /** Starts the agent of a place, with a join token the first time only: afterwards it has to be known by its key. */
  async startAgent(place: Place): Promise<AgentProcess> {
    const isNew = !this.#joinTokens.has(place);
    if (isNew) this.#joinTokens.set(place, await this.shop.createJoinToken(place));
    const agent = startAgentProcess({
      FAIRLEAD_HUB_URL: `http://127.0.0.1:${this.#port}`,
      FAIRLEAD_BUNDLE_DIR: join(this.#folder, `bundles-${place}`),
      KUBECONFIG: this.plane(place).kubeconfigPath,
      ...(isNew && { FAIRLEAD_JOIN_TOKEN: this.#joinTokens.get(place) ?? '' }),
    });
    this.#agents.set(place, agent);
    return agent;
  }

  /** Waits until the agent of a place has said these words since its last start. */
  async agentSaid(place: Place, words: string): Promise<void> {
    await until(`the agent of ${place} to say "${words}"`, () => this.agent(place).said(words), {
      timeoutMs: 60_000,
    });
  }

  /** The last words of all programs, for whoever has to find out why something did not happen. */
  lastWords(): string {
    const programs = [['hub', this.#hub] as const, ...this.#agents];
    return programs
      .map(([name, program]) => `--- ${name} said:\n${program?.output().slice(-LAST_WORDS) ?? ''}`)
      .join('\n');
  }

  async close(): Promise<void> {
    for (const agent of this.#agents.values()) await agent.end('SIGKILL');
    // A test that failed in the middle leaves the database of a killed hub: only a hub ends it.
    if (this.#isHubKilled) await this.startHub();
    await this.#hub?.end('SIGTERM');
    for (const plane of this.#planes.values()) await plane.stop();
    this.repository.remove();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function existing<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`there is not ${what}`);
  return value;
}
