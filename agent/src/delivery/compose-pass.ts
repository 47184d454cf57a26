// Puts together what takes an instance through a pass: who writes, who examines, who removes, who remembers.
import { Autoscalers } from '../drift/autoscalers.ts';
import { DriftDoctor } from '../drift/drift-doctor.ts';
import { Examination } from '../drift/examination.ts';
import { DefinitionWait } from './definition-wait.ts';
import { DriftNotes } from './drift-notes.ts';
import type { EngineOptions } from './engine-options.ts';
import { InstancePass, type PassTools } from './instance-pass.ts';
import { LostObjects } from './lost-objects.ts';
import { ObjectRemover } from './object-remover.ts';
import { ObjectWriter } from './object-writer.ts';
import { Recall } from './recall.ts';
import { Removals } from './removals.ts';
import { StepRunner, type StepTools } from './step-runner.ts';

/** What passes share with the rest of the engine. */
export type PassTies = Pick<PassTools, 'cache' | 'watches' | 'store' | 'claims' | 'onWanted'> &
  Pick<StepTools, 'owners' | 'ledger'>;

/** One per engine: it takes all instances through their passes. */
export function composePass(options: EngineOptions, ties: PassTies): InstancePass {
  const { kube, bundles, clock, log, namespaces } = options;
  const { cache, watches, store, claims, owners, ledger, onWanted } = ties;
  const autoscalers = new Autoscalers(kube, clock);
  const writer = new ObjectWriter({ kube, cache, autoscalers, clock, log });
  const examination = new Examination({ writer, autoscalers, ledger, clock, log });
  const doctor = new DriftDoctor({ kube, writer, examination, ledger, clock, log });
  const notes = new DriftNotes({ examination, ledger, cache, clock });
  return new InstancePass({
    kube,
    cache,
    watches,
    bundles,
    store,
    claims,
    steps: new StepRunner({ writer, doctor, notes, ledger, cache, claims, owners, clock, log }),
    definitions: new DefinitionWait(kube, watches, clock),
    removals: new Removals({ remover: new ObjectRemover(kube), claims, ledger, log }),
    recall: new Recall({ lost: new LostObjects(kube, namespaces), bundles, log }),
    onWanted,
    clock,
    log,
  });
}
