// Checks, as GraphQL shows them.
import { Field, Int, ObjectType } from '@nestjs/graphql';
import { DurationScalar, JsonScalar } from '../../platform/graphql/scalars.ts';
import type { CheckRule } from '../domain/policy-step.ts';

@ObjectType('HttpCheck', { description: 'Asks an HTTP address until it answers as expected.' })
export class HttpCheckType {
  @Field(() => String, { description: 'What is asked.' })
  url!: string;

  @Field(() => String, { description: 'GET, HEAD, POST or PUT.' })
  method!: string;

  @Field(() => Int, { description: 'The status code that counts as success.' })
  expectStatus!: number;

  @Field(() => JsonScalar, { nullable: true, description: 'The JSON of the answer must contain all of it.' })
  expectJson!: unknown;

  @Field(() => DurationScalar, { description: 'Time from one question to the next.' })
  interval!: number;

  @Field(() => DurationScalar, { description: 'How long it is asked before it is inconclusive.' })
  timeout!: number;

  @Field(() => Int, { description: 'Successes in a row that make it pass.' })
  successes!: number;

  @Field(() => Int, { description: 'Failures in a row that make it fail.' })
  failures!: number;
}

@ObjectType('MetricCheck', { description: 'Asks a Prometheus-compatible server and compares each value.' })
export class MetricCheckType {
  @Field(() => String, { description: 'Base address of the server.' })
  prometheus!: string;

  @Field(() => String, { description: 'An instant query in PromQL.' })
  query!: string;

  @Field(() => String, { description: 'A comparison with a number that every value must satisfy.' })
  condition!: string;

  @Field(() => DurationScalar, { description: 'Time from one question to the next.' })
  interval!: number;

  @Field(() => Int, { description: 'How often it is asked.' })
  count!: number;

  @Field(() => Int, { description: 'Unsatisfied conditions that make it fail.' })
  failures!: number;
}

@ObjectType('Check', { description: 'One question to the world outside: one of http, metric and job.' })
export class CheckType {
  @Field(() => String, { description: 'Unique in its list.' })
  name!: string;

  @Field(() => HttpCheckType, { nullable: true, description: 'Asks an HTTP address.' })
  http!: HttpCheckType | null;

  @Field(() => MetricCheckType, { nullable: true, description: 'Asks a Prometheus-compatible server.' })
  metric!: MetricCheckType | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'A Kubernetes Job that the agent runs in the cluster.',
  })
  job!: unknown;
}

/** Fields of the other kinds are null. */
export function toCheckType(check: CheckRule): CheckType {
  const none = { name: check.name, http: null, metric: null, job: null };
  switch (check.kind) {
    case 'http':
      return { ...none, http: { ...check, interval: check.intervalMs, timeout: check.timeoutMs } };
    case 'metric':
      return { ...none, metric: { ...check, interval: check.intervalMs } };
    case 'job':
      return { ...none, job: check.job };
  }
}
