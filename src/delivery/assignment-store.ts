// The writes that change what clusters should run. Each is a handful of statements, whatever the number of clusters.
import type { AssignedException } from '@fairlead/protocol/drift';
import type { Transaction } from '../platform/database/database.ts';
import type { ApplicationSettings, AssignedSettings } from './domain/assigned-settings.ts';
import type { RemovedInstance } from './domain/removal-guard.ts';
import type { SlotKey } from './domain/slot-key.ts';
import type { ClusterGeneration } from './generation-sql.ts';

/** One release for some of a slot's clusters. */
export interface NewAssignment extends SlotKey {
  readonly releaseId: bigint;
  readonly releaseNumber: number;
  readonly promotionId: bigint | null;
  /** Once more, though nothing of it changed: each promotion raises an instance once by this. */
  readonly again?: boolean;
  /** Bundle digest by cluster; a cluster without a living instance in the slot is passed over. */
  readonly bundles: ReadonlyMap<bigint, string>;
  readonly settings: AssignedSettings;
}

/** An instance as it is assigned now. */
export interface AssignedInstance {
  readonly clusterId: bigint;
  readonly instanceId: bigint;
  readonly generation: bigint;
  readonly bundleDigest: string;
}

/** What an assignment did. */
export interface AssignmentResult {
  /** Every instance that was asked for, those that needed no change included. */
  readonly instances: readonly AssignedInstance[];
  /** Those of which anything changed that their agents must know. */
  readonly changedIds: readonly bigint[];
  readonly generations: readonly ClusterGeneration[];
}

/** The prune that a person wants to let through. */
export interface PruneRequest {
  readonly instanceId: bigint;
  readonly clusterId: bigint;
  readonly generation: bigint;
}

/** What is known of an instance when its prune is to be approved; locked together with its cluster. */
export interface PendingPrune extends RemovedInstance {
  readonly instanceId: bigint;
  readonly clusterId: bigint;
  readonly generation: bigint;
  readonly releaseNumber: number | null;
  /** 0 where the report is of another generation. */
  readonly pending: number;
}

/** The drift that is accepted for one instance. */
export interface InstanceExceptions {
  readonly instanceId: bigint;
  readonly exceptions: readonly AssignedException[];
}

/** Why a release cannot be rendered for a cluster. */
export type AssignmentErrors = ReadonlyMap<bigint, { readonly code: string; readonly message: string }>;

export abstract class AssignmentStore {
  /** `undefined` where application or environment is gone. */
  abstract settingsOf(
    tx: Transaction,
    slot: SlotKey,
  ): Promise<(ApplicationSettings & { readonly environment: string }) | undefined>;
  /** Environments in which the application has assigned instances. */
  abstract assignedSlots(tx: Transaction, applicationId: bigint): Promise<SlotKey[]>;
  /** Applications of which something is assigned, by id. */
  abstract assignedApplications(tx: Transaction): Promise<bigint[]>;
  abstract assign(tx: Transaction, assignment: NewAssignment): Promise<AssignmentResult>;
  /** New settings for what is assigned in the slot; the same settings write nothing. */
  abstract reassignSettings(
    tx: Transaction,
    slot: SlotKey,
    settings: AssignedSettings,
  ): Promise<AssignmentResult>;
  /** What these instances' agents are told of accepted drift; the same writes nothing. */
  abstract assignExceptions(
    tx: Transaction,
    changes: readonly InstanceExceptions[],
  ): Promise<AssignmentResult>;
  /** Keeps why nothing could be assigned; the next assignment clears it. */
  abstract noteErrors(tx: Transaction, slot: SlotKey, errors: AssignmentErrors): Promise<void>;
  abstract lockPendingPrune(tx: Transaction, trackingId: string): Promise<PendingPrune | undefined>;
  /** Raises the next `limit` clusters after this id, though nothing that is assigned changed: something else did. */
  abstract raiseClusters(
    tx: Transaction,
    after: bigint,
    limit: number,
  ): Promise<readonly ClusterGeneration[]>;
  /** The approval travels as a new generation of the same assignment. */
  abstract approvePrune(tx: Transaction, request: PruneRequest): Promise<AssignmentResult>;
}
