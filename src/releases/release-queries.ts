// Reads releases and bundles, for other features and for people.
import { Injectable } from '@nestjs/common';
import type { Page } from '../platform/graphql/connection.ts';
import { SecretBox } from '../platform/secret-box.ts';
import { unpackBundle } from './bundle-content.ts';
import { BundleStore } from './bundle-store.ts';
import { ByteLru } from './byte-lru.ts';
import type { Release } from './domain/release.ts';
import { ReleaseStore, type ListedBundle, type ListedCommit, type ReleaseRange } from './release-store.ts';

// Serving from memory is ten times faster than from the database; bundles that a fleet is taking now are few.
const CACHE_BYTES = 64 * 1024 ** 2;

@Injectable()
export class ReleaseQueries {
  private readonly contents = new ByteLru(CACHE_BYTES);
  private readonly opening = new Map<string, Promise<Buffer | undefined>>();

  constructor(
    private readonly releases: ReleaseStore,
    private readonly bundles: BundleStore,
    private readonly secrets: SecretBox,
  ) {}

  async byId(id: bigint): Promise<Release | undefined> {
    return (await this.releases.findByIds([id]))[0];
  }

  /** In the order of the ids; `undefined` for those that do not exist. */
  async byIds(ids: readonly bigint[]): Promise<(Release | undefined)[]> {
    const found = new Map((await this.releases.findByIds(ids)).map((release) => [release.id, release]));
    return ids.map((id) => found.get(id));
  }

  byNumber(application: string, number: number): Promise<Release | undefined> {
    return this.releases.findByNumber(application, number);
  }

  /** The newest of each application, in the order of the ids; `undefined` for those that have none. */
  async latest(applicationIds: readonly bigint[]): Promise<(Release | undefined)[]> {
    const newest = await this.releases.latest(applicationIds);
    const found = new Map(newest.map((release) => [release.applicationId, release]));
    return applicationIds.map((id) => found.get(id));
  }

  /** Newest first. */
  page(applicationId: bigint, first: number, before: number | undefined): Promise<Page<Release>> {
    return this.releases.page(applicationId, first, before);
  }

  /** The first page of each application, in the order of the ids. */
  firstPages(applicationIds: readonly bigint[], first: number): Promise<Page<Release>[]> {
    return this.releases.firstPages(applicationIds, first);
  }

  /** The first page of bundles of each release, in the order of the ids. */
  firstBundlePages(releaseIds: readonly bigint[], first: number): Promise<Page<ListedBundle>[]> {
    return this.releases.firstBundlePages(releaseIds, first);
  }

  bundlePage(
    releaseId: bigint,
    first: number,
    after: readonly [string, string] | undefined,
  ): Promise<Page<ListedBundle>> {
    return this.releases.bundlePage(releaseId, first, after);
  }

  /** The commits of a range of releases, the newest first. */
  commitPage(
    range: ReleaseRange,
    first: number,
    after: readonly [releaseNumber: number, position: number] | undefined,
  ): Promise<Page<ListedCommit>> {
    return this.releases.commitPage(range, first, after);
  }

  /** How many commits each range of releases holds. */
  commitCounts(ranges: readonly ReleaseRange[]): Promise<number[]> {
    return this.releases.commitCounts(ranges);
  }

  /** The gzip of a bundle's canonical text, opened; `undefined` where there is no such bundle. */
  async bundleContent(digest: string): Promise<Buffer | undefined> {
    const kept = this.contents.get(digest);
    if (kept) return kept;
    // A release reaches a thousand clusters in one moment: its bundle is read for all of them once.
    const running = this.opening.get(digest) ?? this.open(digest).finally(() => this.opening.delete(digest));
    this.opening.set(digest, running);
    return running;
  }

  private async open(digest: string): Promise<Buffer | undefined> {
    const stored = await this.bundles.find(digest);
    if (!stored) return undefined;
    const content = unpackBundle(stored, this.secrets);
    this.contents.set(digest, content);
    return content;
  }
}
