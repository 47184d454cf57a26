// An application, as GraphQL shows it. Policy, releases and instances are resolved fields.
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import type { DriftPolicy } from '@fairlead/protocol/assignment';
import { encodeId } from '../../platform/graphql/opaque-id.ts';
import { JsonScalar } from '../../platform/graphql/scalars.ts';
import type { Application, HelmSettings, RendererName } from '../domain/application.ts';
import { DriftPolicyEnum, RendererEnum } from './application.enums.ts';
import { SourceErrorType } from './source-error.type.ts';

@ObjectType('Helm', { description: 'What a chart gets.' })
export class HelmType {
  @Field(() => String, { nullable: true, description: 'Null: the name of the application.' })
  releaseName!: string | null;

  @Field(() => [String], { description: 'Relative to the chart; with a leading "/", to the repository.' })
  valueFiles!: string[];

  @Field(() => JsonScalar, { nullable: true, description: 'Values over those of the files.' })
  values!: unknown;
}

@ObjectType('Source', { description: 'Where an application comes from.' })
export class SourceType {
  @Field(() => String, { description: 'The address of the Git repository.' })
  repository!: string;

  @Field(() => String, { description: 'A branch, tag or commit.' })
  ref!: string;

  @Field(() => String, { description: 'From the root of the repository; may hold variables.' })
  path!: string;

  @Field(() => RendererEnum, { description: 'How it becomes Kubernetes objects.' })
  renderer!: RendererName;

  @Field(() => HelmType, { nullable: true, description: 'Settings of a chart.' })
  helm!: HelmType | null;
}

@ObjectType('EnvironmentDrift', { description: 'The drift policy of one environment.' })
export class EnvironmentDriftType {
  @Field(() => String, { description: 'The name of the environment.' })
  environment!: string;

  @Field(() => DriftPolicyEnum, { description: 'What its agents do with drift.' })
  drift!: DriftPolicy;
}

@ObjectType('IgnoreRule', {
  description: "Fields that are not Fairlead's business; every given member must match.",
})
export class IgnoreRuleType {
  @Field(() => String, { nullable: true, description: 'Of the object.' })
  apiVersion?: string | null;

  @Field(() => String, { nullable: true, description: 'Of the object.' })
  kind?: string | null;

  @Field(() => String, { nullable: true, description: 'Of the object.' })
  namespace?: string | null;

  @Field(() => String, { nullable: true, description: 'Of the object.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Of the field.' })
  path?: string | null;

  @Field(() => String, { nullable: true, description: 'The field manager that may change it.' })
  manager?: string | null;
}

@ObjectType('SyncPolicy', { description: 'How agents keep the instances of an application.' })
export class SyncPolicyType {
  @Field(() => Boolean, { description: 'Delete what left the release.' })
  prune!: boolean;

  @Field(() => DriftPolicyEnum, { description: 'What agents do with drift.' })
  drift!: DriftPolicy;

  @Field(() => [EnvironmentDriftType], { description: 'Where an environment differs.' })
  environments!: EnvironmentDriftType[];

  @Field(() => [IgnoreRuleType], { description: 'What is left to others.' })
  ignore!: IgnoreRuleType[];

  @Field(() => Int, { description: 'A prune of a larger share of the objects waits for an approval.' })
  pruneLimitPercent!: number;

  @Field(() => Boolean, { description: 'Take over objects that are marked as those of another instance.' })
  adopt!: boolean;
}

@ObjectType('Application', { description: 'What is deployed: a Git source, a policy, and settings.' })
export class ApplicationType {
  /** What the resolved fields need; not part of the API. */
  row!: Application;

  @Field(() => ID, { description: 'Opaque.' })
  id!: string;

  @Field(() => String, { description: 'Unique.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'Of objects that name none; null: `default`.' })
  namespace!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The ServiceAccount as which objects are written; null: with the agents' own rights.",
  })
  serviceAccountName!: string | null;

  @Field(() => SourceType, { description: 'Where it comes from.' })
  source!: SourceType;

  @Field(() => SyncPolicyType, { description: 'How agents keep it.' })
  syncPolicy!: SyncPolicyType;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'Health rules of its own, which come before those of the hub; null where there are none.',
  })
  healthRules!: unknown;

  @Field(() => SourceErrorType, {
    nullable: true,
    description: 'Why the last commit made no release; null where all is well.',
  })
  sourceError!: SourceErrorType | null;
}

/** Here and not in a mapper's file, because other features show applications as well. */
export function toApplicationType(row: Application): ApplicationType {
  const { id, name, namespace, serviceAccountName, source, syncPolicy, healthRules, sourceFault } = row;
  return {
    row,
    id: encodeId('application', id),
    name,
    namespace,
    serviceAccountName,
    source: { ...source, helm: source.helm && toHelmType(source.helm) },
    syncPolicy: {
      ...syncPolicy,
      environments: [...syncPolicy.environments],
      ignore: [...syncPolicy.ignore],
    },
    healthRules,
    sourceError: sourceFault,
  };
}

const toHelmType = ({ releaseName, valueFiles, values }: HelmSettings): HelmType => ({
  releaseName,
  valueFiles: [...valueFiles],
  values,
});
