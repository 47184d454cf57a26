// What saveEnvironment and deleteEnvironment take.
import { ArgsType, Field, InputType } from '@nestjs/graphql';
import { RemovalArgs } from '../../clusters/graphql/removal-args.type.ts';
import { LabelSelectorScalar } from '../../platform/graphql/scalars.ts';

@InputType('EnvironmentInput', { description: 'An environment.' })
export class EnvironmentInputType {
  @Field(() => String, { description: 'Unique; an environment of this name is changed.' })
  name!: string;

  @Field(() => LabelSelectorScalar, { description: 'Which clusters are in it.' })
  selector!: string;
}

@ArgsType()
export class SaveEnvironmentArgs extends RemovalArgs {
  @Field(() => EnvironmentInputType, { description: 'The environment.' })
  input!: EnvironmentInputType;
}

@ArgsType()
export class DeleteEnvironmentArgs extends RemovalArgs {
  @Field(() => String, { description: 'Of the environment.' })
  name!: string;
}
