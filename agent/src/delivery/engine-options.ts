import type { ReportedDrift } from '@fairlead/protocol/drift';
import type { Clock } from '../clock.ts';
import type { KubeClient } from '../kube/kube-client.ts';
import type { Log } from '../log.ts';
import type { BundleSource } from './bundle-source.ts';

/** What an engine is made of. */
export interface EngineOptions {
  readonly kube: KubeClient;
  readonly bundles: BundleSource;
  readonly clock: Clock;
  readonly log: Log;
  /** Where the inventories are kept; it has to exist. */
  readonly inventoryNamespace: string;
  /** Watch and apply in these namespaces only; without it in all. */
  readonly namespaces?: readonly string[];
  /** Told of every difference that came and went, once; a report of the instance no longer lists it. */
  readonly onDriftClosed?: (instance: string, episode: ReportedDrift) => void;
  /** Differences that an earlier life of the agent had open. */
  readonly restoredDrift?: (instance: string) => readonly ReportedDrift[];
}
