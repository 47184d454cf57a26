// What a gate says of a promotion, as GraphQL shows it.
import { Field, ObjectType } from '@nestjs/graphql';
import { DateTimeScalar } from '../../platform/graphql/scalars.ts';
import type { GateVerdict } from '../domain/gate-verdict.ts';
import { VerdictEnum, WaitKindEnum } from './promotion.enums.ts';

@ObjectType('GateResult', { description: 'What a gate says of a promotion.' })
export class GateResultType {
  @Field(() => String, { description: 'Its name in the step, or one that every step has, such as upstream.' })
  gate!: string;

  @Field(() => WaitKindEnum, { description: 'What it waits for while it does not pass.' })
  kind!: GateVerdict['kind'];

  @Field(() => VerdictEnum, { description: 'Its answer now.' })
  verdict!: GateVerdict['verdict'];

  @Field(() => String, { description: 'Why, in one sentence.' })
  message!: string;

  @Field(() => DateTimeScalar, { description: 'Since when it says so.' })
  since!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the clock alone changes that, where it is known.',
  })
  until?: Date | null;

  @Field(() => String, { nullable: true, description: 'Who passed over it.' })
  overriddenBy?: string | null;
}

/** For every field that answers verdicts. */
export function toGateResultType(verdict: GateVerdict): GateResultType {
  const { gate, kind, message, since, until, overriddenBy } = verdict;
  return {
    gate,
    kind,
    verdict: verdict.verdict,
    message,
    since,
    until: until ?? null,
    overriddenBy: overriddenBy ?? null,
  };
}
