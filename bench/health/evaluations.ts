// npm run bench -- health: what it costs to judge a million objects.
import { computeHealth } from '@fairlead/health/compute-health';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import type { Benchmark, Figures } from '../benchmark.ts';
import { mixedObjects } from './mixed-objects.ts';
import { plainHealth, ruleByKind } from './plain-interpreter.ts';

const EVALUATIONS = 1_000_000;
const SLICE = 50_000;
const LOAD = `${EVALUATIONS.toLocaleString('en-US')} evaluations`;

/** Judging, against the same declared rules read anew each time. */
export const health: Benchmark = {
  name: 'health',
  title: 'A million judgements of objects of mixed kinds and states, in one thread',
  simulated: ['The objects are the manifests of health/testdata; no cluster is asked.'],
  targets: [
    // Our side also writes the words and asks what holds for every kind, which the plain one leaves out.
    { load: LOAD, figure: 'declaredToPlainRatio', bound: 'AT_LEAST', value: 1 },
  ],
  loads: () => [{ name: LOAD, parameters: { evaluations: EVALUATIONS } }],
  run: (_load, { say }) => {
    const objects = mixedObjects();
    const declared = objects.filter(isJudgedByItsRuleAlone);
    say(`${objects.length} objects, ${declared.length} of them with a declared rule`);
    return Promise.resolve([measure(objects, declared)]);
  },
};

/** Without what comes before a rule the two interpreters answer the same question, and have to answer it alike. */
function isJudgedByItsRuleAlone(object: KubernetesObject): boolean {
  if (!ruleByKind(object)) return false;
  const { health: ours, reason } = computeHealth(object);
  return reason !== 'NotObserved' && reason !== 'NotReported' && ours === plainHealth(object);
}

function measure(objects: readonly KubernetesObject[], declared: readonly KubernetesObject[]): Figures {
  const mixed = new Stopwatch(objects, judge);
  const ours = new Stopwatch(declared, judge);
  const plain = new Stopwatch(declared, plainHealth);
  // In turns, so that a machine that is busy for a while is so for all of them.
  const all = [mixed, ours, plain];
  for (const one of all) one.warmUp();
  for (let done = 0; done < EVALUATIONS; done += SLICE) for (const one of all) one.slice();
  return {
    judgementsPerSecond: mixed.perSecond,
    declaredPerSecond: ours.perSecond,
    plainPerSecond: plain.perSecond,
    declaredToPlainRatio: ours.perSecond / plain.perSecond,
    bytesPerJudgement: allocation(objects, judge),
    bytesPerDeclaredJudgement: allocation(declared, judge),
    bytesPerPlainJudgement: allocation(declared, plainHealth),
  };
}

type Judge = (object: KubernetesObject) => unknown;

function judge(object: KubernetesObject): unknown {
  return computeHealth(object);
}

/** Judges the same objects again and again, in slices. */
class Stopwatch {
  readonly #objects: readonly KubernetesObject[];
  readonly #ask: Judge;
  #elapsedMs = 0;
  #judged = 0;

  constructor(objects: readonly KubernetesObject[], ask: Judge) {
    this.#objects = objects;
    this.#ask = ask;
  }

  get perSecond(): number {
    return this.#judged / (this.#elapsedMs / 1_000);
  }

  warmUp(): void {
    this.#judge();
  }

  slice(): void {
    const startedAt = performance.now();
    this.#judged += this.#judge();
    this.#elapsedMs += performance.now() - startedAt;
  }

  #judge(): number {
    let done = 0;
    for (; done < SLICE; done += this.#objects.length) for (const object of this.#objects) this.#ask(object);
    return done;
  }
}

/** The median growth of the heap over short rounds; a round in which garbage was collected is not the median. */
function allocation(objects: readonly KubernetesObject[], ask: Judge): number {
  const rounds = Array.from({ length: 51 }, () => {
    const before = process.memoryUsage().heapUsed;
    for (const object of objects) ask(object);
    return (process.memoryUsage().heapUsed - before) / objects.length;
  });
  return rounds.sort((a, b) => a - b)[25] ?? 0;
}
