// From the ids that a promotion or a slot holds to the things that other features show; one batch per kind and request.
import { Injectable } from '@nestjs/common';
import { ApplicationQueries } from '../../applications/application-queries.ts';
import { toApplicationType, type ApplicationType } from '../../applications/graphql/application.type.ts';
import { ClusterQueries } from '../../clusters/cluster-queries.ts';
import { toClusterType, type ClusterType } from '../../clusters/graphql/cluster.type.ts';
import { EnvironmentQueries } from '../../environments/environment-queries.ts';
import { toEnvironmentType, type EnvironmentType } from '../../environments/graphql/environment.type.ts';
import { notFound } from '../../platform/errors.ts';
import type { RequestContext } from '../../platform/graphql/request-context.ts';
import { toReleaseType, type ReleaseType } from '../../releases/graphql/release.type.ts';
import { ReleaseQueries } from '../../releases/release-queries.ts';
import { PromotionReadStore } from '../promotion-read-store.ts';
import type { PromotionType } from './promotion.type.ts';
import { toPromotionType } from './to-promotion-type.ts';

type Batch<Value> = (ids: readonly bigint[]) => Promise<readonly (Value | undefined)[]>;

@Injectable()
export class PromotionLinks {
  constructor(
    private readonly applications: ApplicationQueries,
    private readonly environments: EnvironmentQueries,
    private readonly releases: ReleaseQueries,
    private readonly clusters: ClusterQueries,
    private readonly promotions: PromotionReadStore,
  ) {}

  application(context: RequestContext, id: bigint): Promise<ApplicationType> {
    const batch: Batch<ApplicationType> = async (ids) =>
      (await this.applications.byIds(ids)).map((row) => row && toApplicationType(row));
    return load(context, 'Application', batch, id);
  }

  environment(context: RequestContext, id: bigint): Promise<EnvironmentType> {
    const batch: Batch<EnvironmentType> = async (ids) =>
      (await this.environments.byIds(ids)).map((row) => row && toEnvironmentType(row));
    return load(context, 'Environment', batch, id);
  }

  release(context: RequestContext, id: bigint): Promise<ReleaseType> {
    const batch: Batch<ReleaseType> = async (ids) =>
      (await this.releases.byIds(ids)).map((row) => row && toReleaseType(row));
    return load(context, 'Release', batch, id);
  }

  async releaseOrNull(context: RequestContext, id: bigint | null): Promise<ReleaseType | null> {
    return id === null ? null : this.release(context, id);
  }

  cluster(context: RequestContext, id: bigint): Promise<ClusterType> {
    const batch: Batch<ClusterType> = async (ids) =>
      (await this.clusters.byIds(ids)).map(
        (row) => row && toClusterType(row, this.clusters.connectionState(row)),
      );
    return load(context, 'Cluster', batch, id);
  }

  async promotionOrNull(context: RequestContext, id: bigint | null): Promise<PromotionType | null> {
    if (id === null) return null;
    const batch: Batch<PromotionType> = async (ids) => {
      const found = new Map((await this.promotions.promotionsById(ids)).map((row) => [row.id, row]));
      return ids.map((each) => found.get(each)).map((row) => row && toPromotionType(row));
    };
    return load(context, 'Promotion', batch, id);
  }
}

function load<Value>(context: RequestContext, kind: string, batch: Batch<Value>, id: bigint): Promise<Value> {
  const found = async (ids: readonly bigint[]): Promise<(Value | Error)[]> =>
    (await batch(ids)).map((value, index) => value ?? notFound(kind, String(ids[index])));
  return context.loader<bigint, Value>(`promotions.${kind}`, found).load(id);
}
