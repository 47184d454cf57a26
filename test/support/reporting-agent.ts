// An agent's conversation with the hub without a cluster behind it: it pulls what is assigned and reports what a test says.
import { createHash } from 'node:crypto';
import type { ReportedDrift } from '@fairlead/protocol/drift';
import { enrol, sayHello } from './agent-client.ts';
import type { TestHub } from './hub.ts';

/** What the agent says of an instance. */
export interface Verdict {
  readonly sync: string;
  readonly health: string;
  readonly message: string;
}

interface Assigned {
  readonly instance: string;
  readonly application: string;
  readonly release: number;
  readonly bundle: string;
  readonly generation: number;
  readonly tombstone: string | null;
}

/** Joined and online. `report` pulls first, so that it speaks of the newest assignment. */
export interface ReportingAgent {
  readonly name: string;
  readonly credential: string;
  assigned(): Promise<readonly Assigned[]>;
  /** `drift`: all that is open; what was accepted is not counted. */
  report(verdict?: Partial<Verdict>, drift?: readonly ReportedDrift[]): Promise<void>;
}

const ASSIGNMENTS = `query { assignments(since: 0, first: 500) {
  assignments { instance application release bundle generation tombstone } } }`;
const REPORT = 'mutation ($batch: ReportBatchInput!) { reportInstances(batch: $batch) { verdicts } }';
const GOOD: Verdict = { sync: 'SYNCED', health: 'HEALTHY', message: '' };

/** Enrols a cluster of that name, or one in the place of `replaces`, and says hello for it. */
export async function startReportingAgent(
  hub: TestHub,
  name: string,
  labels: Record<string, string>,
  more: { readonly replaces?: string } = {},
): Promise<ReportingAgent> {
  const { credential } = await enrol(hub, name, labels, more);
  const { session } = await sayHello(hub, credential);
  let sequence = 0;
  const assigned = async (): Promise<readonly Assigned[]> => {
    const answer = await hub.graphql<{ assignments: { assignments: Assigned[] } }>(
      ASSIGNMENTS,
      {},
      credential,
    );
    return answer.assignments.assignments;
  };
  return {
    name,
    credential,
    assigned,
    report: async (verdict = {}, drift = []) => {
      const living = (await assigned()).filter(({ tombstone }) => tombstone === null);
      const instances = living.map((each) => entry(each, { ...GOOD, ...verdict }, drift));
      sequence += 1;
      await hub.graphql(
        REPORT,
        { batch: { session, sequence, sentAt: new Date().toISOString(), instances } },
        credential,
      );
    },
  };
}

function entry(
  { instance, generation, bundle }: Assigned,
  verdict: Verdict,
  drift: readonly ReportedDrift[],
): Record<string, unknown> {
  const said = {
    instance,
    generation,
    bundle,
    ...verdict,
    driftCount: drift.filter(({ excepted }) => excepted === undefined).length,
    drift,
    objects: [],
    truncated: false,
    pendingPrune: [],
  };
  return { ...said, contentHash: createHash('sha256').update(JSON.stringify(said)).digest('hex') };
}
