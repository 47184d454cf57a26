// Arguments of the operations on clusters.
import { ArgsType, Field } from '@nestjs/graphql';
import { PageArgs } from '../../platform/graphql/connection.ts';
import { JsonScalar, LabelSelectorScalar } from '../../platform/graphql/scalars.ts';
import type { ConnectionState } from '../domain/connection-state.ts';
import { ConnectionStateEnum } from './cluster.type.ts';
import { RemovalArgs } from './removal-args.type.ts';

@ArgsType()
export class ClustersArgs extends PageArgs {
  @Field(() => LabelSelectorScalar, { nullable: true, description: 'Only clusters whose labels match.' })
  selector?: string | null;

  @Field(() => [ConnectionStateEnum], {
    nullable: true,
    description: 'Only clusters in one of these states.',
  })
  connectionState?: ConnectionState[] | null;
}

@ArgsType()
export class SetClusterLabelsArgs extends RemovalArgs {
  @Field(() => String, { description: 'Of the cluster.' })
  name!: string;

  @Field(() => JsonScalar, { description: 'All its labels from now on, like {"env": "prod"}.' })
  labels!: unknown;
}

@ArgsType()
export class DeleteClusterArgs extends RemovalArgs {
  @Field(() => String, { description: 'Of the cluster.' })
  name!: string;
}
