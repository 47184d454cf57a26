// Where releases are kept, and which clusters they are rendered for.
import type { Transaction } from '../platform/database/database.ts';
import type { Page } from '../platform/graphql/connection.ts';
import type { PinnedSource, Release, ReleaseCommit, RenderedInput } from './domain/release.ts';
import type { TargetSlot } from './domain/resolved-inputs.ts';

/** A release about to be made. */
export interface NewRelease extends ReleaseCommit {
  readonly applicationId: bigint;
  readonly source: PinnedSource;
  readonly sourceDigest: string;
  readonly inputs: readonly RenderedInput[];
  /** What it brings since the release before, the newest first. */
  readonly commits: readonly ReleaseCommit[];
}

/** A commit of a release, as people list them; releases and positions are the order of the list. */
export interface ListedCommit extends ReleaseCommit {
  readonly releaseNumber: number;
  readonly position: number;
}

/** A range of an application's releases: those after `after` up to `upTo`. */
export interface ReleaseRange {
  readonly applicationId: bigint;
  readonly after: number;
  readonly upTo: number;
}

/** A bundle of a release, as people list them. */
export interface ListedBundle {
  readonly digest: string;
  readonly environmentId: bigint;
  readonly environment: string;
  readonly objects: number;
  readonly bytes: number;
}

export abstract class ReleaseStore {
  /** In any order; in the transaction where one is given. */
  abstract findByIds(ids: readonly bigint[], tx?: Transaction): Promise<Release[]>;
  abstract findByNumber(application: string, number: number): Promise<Release | undefined>;
  /** The newest of each application that has one. */
  abstract latest(applicationIds: readonly bigint[]): Promise<Release[]>;
  /** Newest first; `before` is the number after which the page begins. */
  abstract page(applicationId: bigint, first: number, before: number | undefined): Promise<Page<Release>>;
  /** The first page of each application, in one statement. */
  abstract firstPages(applicationIds: readonly bigint[], first: number): Promise<Page<Release>[]>;
  abstract renderedInputs(releaseId: bigint, tx?: Transaction): Promise<RenderedInput[]>;
  /** Distinct bundles by environment name and digest. */
  abstract bundlePage(
    releaseId: bigint,
    first: number,
    after: readonly [environment: string, digest: string] | undefined,
  ): Promise<Page<ListedBundle>>;
  /** The first page of each release, in one statement. */
  abstract firstBundlePages(releaseIds: readonly bigint[], first: number): Promise<Page<ListedBundle>[]>;
  /** The environments of the application's policy in order, with their clusters. */
  abstract slots(applicationId: bigint): Promise<TargetSlot[]>;
  abstract slot(environmentId: bigint, tx?: Transaction): Promise<TargetSlot | undefined>;
  /** The commits of a range of releases, the newest release first; `after` is the last one of the page before. */
  abstract commitPage(
    range: ReleaseRange,
    first: number,
    after: readonly [releaseNumber: number, position: number] | undefined,
  ): Promise<Page<ListedCommit>>;
  /** How many commits each range holds. */
  abstract commitCounts(ranges: readonly ReleaseRange[]): Promise<number[]>;
  /** Locks the application against other releases; the next number, or undefined where the application is gone. */
  abstract lockNumber(tx: Transaction, applicationId: bigint): Promise<number | undefined>;
  /** Stores the release under the number that was locked. */
  abstract create(tx: Transaction, number: number, release: NewRelease): Promise<Release>;
  /** Adds what is not there yet; a release's inputs are never changed. */
  abstract addInputs(tx: Transaction, releaseId: bigint, inputs: readonly RenderedInput[]): Promise<void>;
}
