// What an agent is answered to a report.
import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { ReportVerdict } from '@fairlead/protocol/report';

export const ReportVerdictEnum = { ACCEPTED: 'ACCEPTED', UNCHANGED: 'UNCHANGED', STALE: 'STALE' } as const;

registerEnumType(ReportVerdictEnum, {
  name: 'ReportVerdict',
  description: 'For agents: what became of one entry of a report.',
  valuesMap: {
    ACCEPTED: { description: 'Stored.' },
    UNCHANGED: { description: 'The same as what is stored.' },
    STALE: {
      description:
        'Older than what is stored, or of an instance that is not, or no longer, assigned to the cluster.',
    },
  },
});

@ObjectType({ description: 'For agents: what became of a report; all of it is committed.' })
export class ReportResult {
  @Field(() => [ReportVerdictEnum], { description: 'One for each entry, in their order.' })
  verdicts!: ReportVerdict[];

  @Field(() => Int, { description: 'Milliseconds until the next report should come.' })
  nextReportMs!: number;
}
