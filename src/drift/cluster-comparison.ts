// What differs between two clusters in one slot: their bundles, and the drift of both.
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { parseBundle } from '@fairlead/protocol/canonical';
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';
import { DeliveryQueries } from '../delivery/delivery-queries.ts';
import type { Instance } from '../delivery/domain/instance.ts';
import { notFound } from '../platform/errors.ts';
import { MAX_PAGE_SIZE, type Page } from '../platform/graphql/connection.ts';
import { ReleaseQueries } from '../releases/release-queries.ts';
import {
  compareClusters,
  differencesAfter,
  type ClusterSide,
  type DifferencePosition,
  type ObjectDifference,
} from './domain/compare-clusters.ts';
import { DriftReadStore } from './drift-read-store.ts';

const unzip = promisify(gunzip);

/** Two clusters of a slot, and a page of their differences. */
export interface ComparisonRequest {
  readonly application: string;
  readonly environment: string;
  readonly a: string;
  readonly b: string;
  readonly first: number;
  readonly after: DifferencePosition | undefined;
}

@Injectable()
export class ClusterComparison {
  constructor(
    private readonly delivery: DeliveryQueries,
    private readonly releases: ReleaseQueries,
    private readonly drift: DriftReadStore,
  ) {}

  /** NOT_FOUND where one of the two has no instance there. What is kept of drift is at most a page of items a side. */
  async page(request: ComparisonRequest): Promise<Page<ObjectDifference>> {
    const [a, b] = await Promise.all([request.a, request.b].map((cluster) => this.sideOf(request, cluster)));
    if (!a || !b) throw new Error('two clusters make two sides');
    const rest = differencesAfter(compareClusters(a, b), request.after);
    return { rows: rest.slice(0, request.first), hasNext: rest.length > request.first };
  }

  private async sideOf(
    { application, environment }: ComparisonRequest,
    cluster: string,
  ): Promise<ClusterSide> {
    const instance = await this.delivery.bySlotAndCluster(application, environment, cluster);
    if (!instance) throw notFound('Instance', `${application}/${environment}/${cluster}`);
    const { rows } = await this.drift.itemsOfInstance(instance.id, {
      first: MAX_PAGE_SIZE,
      after: undefined,
    });
    return { namespace: instance.namespace, objects: await this.objectsOf(instance), drift: rows };
  }

  private async objectsOf({ bundleDigest }: Instance): Promise<readonly KubernetesObject[]> {
    const content = bundleDigest === null ? undefined : await this.releases.bundleContent(bundleDigest);
    return content ? parseBundle((await unzip(content)).toString()) : [];
  }
}
