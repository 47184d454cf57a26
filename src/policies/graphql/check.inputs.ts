// What a person gives to describe a check: a question to the world outside.
import { Field, InputType, Int } from '@nestjs/graphql';
import { DurationScalar, JsonScalar } from '../../platform/graphql/scalars.ts';

/** How long is asked where a check does not say; a null means the same as leaving a field out. */
export const httpDefaults = {
  method: 'GET',
  expectStatus: 200,
  interval: 10_000,
  timeout: 300_000,
  successes: 1,
  failures: 3,
};
export const metricDefaults = { interval: 30_000, count: 3, failures: 1 };

@InputType({ description: 'Asks an HTTP address until it answers as expected. Redirects are not followed.' })
export class HttpCheckInput {
  @Field(() => String, { description: 'An http or https address.' })
  url!: string;

  @Field(() => String, {
    nullable: true,
    defaultValue: httpDefaults.method,
    description: 'GET, HEAD, POST or PUT.',
  })
  method?: string | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: httpDefaults.expectStatus,
    description: 'The status code that counts as success.',
  })
  expectStatus?: number | null;

  @Field(() => JsonScalar, { nullable: true, description: 'The JSON of the answer must contain all of it.' })
  expectJson?: unknown;

  @Field(() => DurationScalar, {
    nullable: true,
    defaultValue: httpDefaults.interval,
    description: 'Time from one question to the next.',
  })
  interval?: number | null;

  @Field(() => DurationScalar, {
    nullable: true,
    defaultValue: httpDefaults.timeout,
    description: 'How long it is asked before it is inconclusive.',
  })
  timeout?: number | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: httpDefaults.successes,
    description: 'Successes in a row that make it pass.',
  })
  successes?: number | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: httpDefaults.failures,
    description: 'Failures in a row that make it fail.',
  })
  failures?: number | null;
}

@InputType({ description: 'Asks a Prometheus-compatible server and compares each value of the result.' })
export class MetricCheckInput {
  @Field(() => String, { description: 'Base address of the server.' })
  prometheus!: string;

  @Field(() => String, { description: 'An instant query in PromQL.' })
  query!: string;

  @Field(() => String, { description: 'A comparison with a number that every value must satisfy: "< 0.01".' })
  condition!: string;

  @Field(() => DurationScalar, {
    nullable: true,
    defaultValue: metricDefaults.interval,
    description: 'Time from one question to the next.',
  })
  interval?: number | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: metricDefaults.count,
    description: 'How often it is asked.',
  })
  count?: number | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: metricDefaults.failures,
    description: 'Unsatisfied conditions that make it fail.',
  })
  failures?: number | null;
}

@InputType({ description: 'One question to the world outside: exactly one of http, metric and job.' })
export class CheckInput {
  @Field(() => String, { description: 'Unique in its list.' })
  name!: string;

  @Field(() => HttpCheckInput, { nullable: true, description: 'Asks an HTTP address.' })
  http?: HttpCheckInput | null;

  @Field(() => MetricCheckInput, { nullable: true, description: 'Asks a Prometheus-compatible server.' })
  metric?: MetricCheckInput | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'A Kubernetes Job (batch/v1) that the agent runs in the cluster, in a fixed namespace with a fixed ServiceAccount.',
  })
  job?: unknown;
}
