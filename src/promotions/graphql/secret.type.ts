// A named secret, as people see it: everything but its value.
import { Field, ObjectType } from '@nestjs/graphql';
import { DateTimeScalar } from '../../platform/graphql/scalars.ts';

@ObjectType('Secret', { description: 'A named secret of webhooks. Its value is write-only.' })
export class SecretType {
  @Field(() => String, { description: 'As policies name it.' })
  name!: string;

  @Field(() => String, { description: 'Who saved its value last.' })
  savedBy!: string;

  @Field(() => DateTimeScalar, { description: 'When.' })
  savedAt!: Date;
}
