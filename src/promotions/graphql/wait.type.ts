// One reason why something does not move.
import { Field, ObjectType } from '@nestjs/graphql';
import { DateTimeScalar } from '../../platform/graphql/scalars.ts';
import type { Wait } from '../domain/wait.ts';
import { WaitKindEnum } from './promotion.enums.ts';

@ObjectType('Wait', { description: 'Why something does not move, and until when if that is known.' })
export class WaitType {
  @Field(() => WaitKindEnum, { description: 'What is waited for.' })
  kind!: Wait['kind'];

  @Field(() => String, { description: 'One sentence for a person.' })
  message!: string;

  @Field(() => DateTimeScalar, { description: 'Since when it waits.' })
  since!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ends, where that is known.' })
  until?: Date | null;
}
