// What a person gives to save an application.
import { ArgsType, Field, InputType, Int } from '@nestjs/graphql';
import type { DriftPolicy } from '@fairlead/protocol/assignment';
import { JsonScalar } from '../../platform/graphql/scalars.ts';
import type { RendererName } from '../domain/application.ts';
import { DriftPolicyEnum, RendererEnum } from './application.enums.ts';

@InputType({ description: 'What a chart gets.' })
export class HelmInput {
  @Field(() => String, { nullable: true, description: 'Left out: the name of the application.' })
  releaseName?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Relative to the chart; with a leading "/", to the repository. May hold variables.',
  })
  valueFiles?: string[] | null;

  @Field(() => JsonScalar, { nullable: true, description: 'Values over those of the files.' })
  values?: unknown;
}

@InputType({ description: 'Where an application comes from.' })
export class SourceInput {
  @Field(() => String, {
    description: 'https://, http://, ssh://, git@host:path, or file:// where it is allowed.',
  })
  repository!: string;

  @Field(() => String, { defaultValue: 'HEAD', description: 'A branch, tag or commit.' })
  ref!: string;

  @Field(() => String, {
    description:
      'From the root of the repository. May use {{environment}}, {{cluster.name}} and {{cluster.labels.KEY}}.',
  })
  path!: string;

  @Field(() => RendererEnum, { defaultValue: 'AUTO', description: 'How it becomes Kubernetes objects.' })
  renderer!: RendererName;

  @Field(() => HelmInput, { nullable: true, description: 'Settings of a chart.' })
  helm?: HelmInput | null;
}

@InputType({ description: 'The drift policy of one environment.' })
export class EnvironmentDriftInput {
  @Field(() => String, { description: 'The name of an environment.' })
  environment!: string;

  @Field(() => DriftPolicyEnum, { description: 'What its agents do with drift.' })
  drift!: DriftPolicy;
}

@InputType({ description: "Fields that are not Fairlead's business; every given member must match." })
export class IgnoreRuleInput {
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

@InputType({ description: 'How agents keep the instances; what is left out takes its default.' })
export class SyncPolicyInput {
  @Field(() => Boolean, { defaultValue: true, description: 'Delete what left the release.' })
  prune!: boolean;

  @Field(() => DriftPolicyEnum, { defaultValue: 'HEAL', description: 'What agents do with drift.' })
  drift!: DriftPolicy;

  @Field(() => [EnvironmentDriftInput], { nullable: true, description: 'Where an environment differs.' })
  environments?: EnvironmentDriftInput[] | null;

  @Field(() => [IgnoreRuleInput], { nullable: true, description: 'What is left to others.' })
  ignore?: IgnoreRuleInput[] | null;

  @Field(() => Int, {
    defaultValue: 50,
    description: 'A prune of a larger share of the objects waits for an approval; 0 to 100.',
  })
  pruneLimitPercent!: number;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Take over objects that are marked as those of another instance.',
  })
  adopt!: boolean;
}

@InputType({ description: 'An application.' })
export class ApplicationInput {
  @Field(() => String, { description: 'Small letters, digits, "-" and ".".' })
  name!: string;

  @Field(() => SourceInput, { description: 'Where it comes from.' })
  source!: SourceInput;

  @Field(() => String, { description: 'The name of a policy.' })
  policy!: string;

  @Field(() => SyncPolicyInput, { nullable: true, description: 'Left out: all defaults.' })
  syncPolicy?: SyncPolicyInput | null;

  @Field(() => String, { nullable: true, description: 'Of objects that name none; left out: `default`.' })
  namespace?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "A ServiceAccount of the application's namespace: objects are written as it, so that the application may do what it may and nothing else. Left out: with the agents' own rights.",
  })
  serviceAccountName?: string | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'Health rules for kinds of its own, before those of the hub: a list, or a text (YAML or JSON), of which mistakes are told with line and column.',
  })
  healthRules?: unknown;
}

@ArgsType()
export class SaveApplicationArgs {
  @Field(() => ApplicationInput, { description: 'The whole application.' })
  input!: ApplicationInput;

  @Field(() => Int, {
    nullable: true,
    description: 'How many instances this change removes; needed where another policy removes any.',
  })
  confirmRemovals?: number | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Delete the objects of removed instances, instead of leaving them in the cluster.',
  })
  prune!: boolean;
}

@ArgsType()
export class DeleteApplicationArgs {
  @Field(() => String, { description: 'The name of the application.' })
  name!: string;

  @Field(() => Boolean, {
    defaultValue: true,
    description: 'Delete its objects from the clusters, instead of leaving them there.',
  })
  prune!: boolean;

  @Field(() => Int, { nullable: true, description: 'How many instances go; needed where there are any.' })
  confirmRemovals?: number | null;
}
