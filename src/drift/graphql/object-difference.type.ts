// A difference between two clusters, as the API shows it.
import { Field, ObjectType } from '@nestjs/graphql';
import { ObjectRefType } from '../../delivery/graphql/object-ref.type.ts';

@ObjectType('ObjectDifference', {
  description: 'A field, or a whole object, in which two clusters differ.',
})
export class ObjectDifferenceType {
  @Field(() => ObjectRefType, { description: 'Which object.' })
  object!: ObjectRefType;

  @Field(() => String, { nullable: true, description: 'Which field; null: the whole object.' })
  path!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'On the first, as JSON text; null where it is not there. Secret values are masked.',
  })
  a!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'On the second, as JSON text; null where it is not there. Secret values are masked.',
  })
  b!: string | null;
}
