// What gates say of a promotion, and who approved it, as GraphQL shows it.
import { Field, ObjectType } from '@nestjs/graphql';
import { DateTimeScalar } from '../../platform/graphql/scalars.ts';
import type { ListedApproval, ListedGate } from '../domain/list-gates.ts';
import { VerdictEnum } from './promotion.enums.ts';

@ObjectType('GateResult', { description: 'What one gate says of a promotion.' })
export class GateResultType {
  @Field(() => String, {
    description: 'Its name in the policy, `upstream`, `freeze`, or `wave:NAME` for the approval of a wave.',
  })
  gate!: string;

  @Field(() => VerdictEnum, { description: 'What it says.' })
  verdict!: ListedGate['verdict'];

  @Field(() => String, { description: 'Why, in one sentence.' })
  message!: string;

  @Field(() => DateTimeScalar, { description: 'Since when it says so.' })
  since!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the clock alone changes that, where it is known.',
  })
  until!: Date | null;

  @Field(() => String, { nullable: true, description: 'Who passed over it.' })
  overriddenBy!: string | null;
}

@ObjectType('Approval', { description: "One person's consent, for one gate." })
export class ApprovalType {
  @Field(() => String, { description: 'The gate that it is for.' })
  gate!: string;

  @Field(() => String, { description: 'The user.' })
  approver!: string;

  @Field(() => DateTimeScalar, { description: 'When it was given.' })
  at!: Date;

  @Field(() => String, { nullable: true, description: 'What the approver said.' })
  comment!: string | null;

  @Field(() => Boolean, {
    description: 'Whether it counts now: it has not expired, and its giver may still approve.',
  })
  valid!: boolean;
}

export function toGateResultType({
  gate,
  verdict,
  message,
  since,
  until,
  overriddenBy,
}: ListedGate): GateResultType {
  return { gate, verdict, message, since, until: until ?? null, overriddenBy: overriddenBy ?? null };
}

export function toApprovalType({ gate, approver, at, comment, valid }: ListedApproval): ApprovalType {
  return { gate, approver, at, comment, valid };
}
