// How people choose among drift.
import { Field, InputType } from '@nestjs/graphql';
import type { DriftType, ManagerClass } from '@fairlead/protocol/drift';
import { readSelector } from '../../clusters/graphql/selector-input.type.ts';
import { DriftTypeEnum, ManagerClassEnum } from '../../delivery/graphql/drift.enums.ts';
import { invalid } from '../../platform/errors.ts';
import { DateTimeScalar, DurationScalar, LabelSelectorScalar } from '../../platform/graphql/scalars.ts';
import type { DriftFilter } from '../domain/drift-filter.ts';
import type { ExceptionScope } from '../domain/exception.ts';

@InputType('DriftFilter', { description: 'Which drift; all given conditions must hold.' })
export class DriftFilterInput {
  @Field(() => String, { nullable: true, description: 'Of this application.' })
  application?: string | null;

  @Field(() => String, { nullable: true, description: 'In this environment.' })
  environment?: string | null;

  @Field(() => String, { nullable: true, description: 'On this cluster.' })
  cluster?: string | null;

  @Field(() => LabelSelectorScalar, { nullable: true, description: 'On clusters whose labels match.' })
  selector?: string | null;

  @Field(() => [DriftTypeEnum], { nullable: true, description: 'One of these.' })
  type?: DriftType[] | null;

  @Field(() => String, { nullable: true, description: 'Of objects of this kind.' })
  objectKind?: string | null;

  @Field(() => String, { nullable: true, description: 'Of objects in this namespace.' })
  namespace?: string | null;

  @Field(() => String, { nullable: true, description: 'Of objects of this name.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Of this field, exactly; empty: whole objects.' })
  path?: string | null;

  @Field(() => String, { nullable: true, description: 'Made by this field manager; empty: unknown.' })
  manager?: string | null;

  @Field(() => [ManagerClassEnum], { nullable: true, description: 'Made by one of these sorts of writers.' })
  managerClass?: ManagerClass[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Fought over, or not.' })
  contested?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Accepted, or not.' })
  excepted?: boolean | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'First seen then or later.' })
  since?: Date | null;

  @Field(() => DurationScalar, { nullable: true, description: 'First seen at least so long ago.' })
  olderThan?: number | null;
}

@InputType({ description: 'Drift that may stay for a while.' })
export class DriftExceptionInput {
  @Field(() => DriftFilterInput, {
    description:
      'Which: by application, environment, cluster, selector, objectKind, namespace, name, path and manager; at least one. It holds for what comes to match later, too.',
  })
  filter!: DriftFilterInput;

  @Field(() => String, { description: 'Why; others will read it.' })
  reason!: string;

  @Field(() => DateTimeScalar, { description: 'Until when: it ends by itself then.' })
  until!: Date;
}

/** The `filter` argument of every list of drift. */
export const driftFilterArgument = {
  name: 'filter',
  type: () => DriftFilterInput,
  nullable: true,
  description: 'Which drift; absent: all.',
};

/** The filter in the domain's words. Throws INVALID for a selector that cannot be read. */
export function toDriftFilter(input: DriftFilterInput | null | undefined): DriftFilter {
  const { selector, olderThan, ...rest } = input ?? {};
  const given = Object.entries(rest).filter(([, value]) => value !== null && value !== undefined);
  return {
    ...(Object.fromEntries(given) as DriftFilter),
    ...(isGiven(selector) && { selector: readSelector(selector) }),
    ...(isGiven(olderThan) && { olderThanMs: olderThan }),
  };
}

/** Throws INVALID for conditions that an exception cannot have: it says what may stay, not what is there now. */
export function toExceptionScope(input: DriftFilterInput): ExceptionScope {
  const { type, managerClass, contested, excepted, since, olderThan, ...scope } = input;
  const foreign = Object.entries({ type, managerClass, contested, excepted, since, olderThan })
    .filter(([, value]) => isGiven(value))
    .map(([name]) => `filter.${name}: an exception cannot have it.`);
  if (foreign.length > 0) throw invalid('input', foreign);
  // Read to name what is wrong with it; kept as it was written.
  if (isGiven(scope.selector)) readSelector(scope.selector);
  const textOf = (member: keyof ExceptionScope): string => scope[member] ?? '';
  return {
    application: textOf('application'),
    environment: textOf('environment'),
    cluster: textOf('cluster'),
    selector: textOf('selector'),
    objectKind: textOf('objectKind'),
    namespace: textOf('namespace'),
    name: textOf('name'),
    path: textOf('path'),
    manager: textOf('manager'),
  };
}

function isGiven<Value>(value: Value | null | undefined): value is Value {
  return value !== null && value !== undefined;
}
