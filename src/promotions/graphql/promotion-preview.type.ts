// A preview of a promotion, as GraphQL shows it.
import { Field, Int, ObjectType } from '@nestjs/graphql';
import { ObjectRefType } from '../../delivery/graphql/object-ref.type.ts';
import { RefusalType } from '../../platform/graphql/payload.ts';
import type { Refusal } from '../../platform/refusal.ts';
import type { RenderedBundles } from '../gate-reader.ts';
import type { GroupedChange } from '../preview/domain/bundle-changes.ts';
import type { Preview, PreviewSubject } from '../preview/promotion-preview.ts';
import { GateResultType } from './gate-result.type.ts';
import { ChangeEnum } from './promotion.enums.ts';
import { WaveType } from './promotion.type.ts';

@ObjectType('PreviewChange', {
  description: 'One change of one object, and how many clusters it would be the same in.',
})
export class PreviewChangeType {
  @Field(() => ObjectRefType, { description: 'The object.' })
  object!: ObjectRefType;

  @Field(() => ChangeEnum, { description: 'What would become of it.' })
  change!: GroupedChange['change'];

  @Field(() => String, {
    description: 'Lines of YAML marked with +, - or a space; values of Secrets are masked.',
  })
  diff!: string;

  @Field(() => Int, { description: 'How many clusters.' })
  clusters!: number;
}

@ObjectType('PromotionPreview', {
  description: 'What would happen if the release were promoted now; nothing is kept of it.',
})
export class PromotionPreviewType {
  /** What the resolved fields need; not part of the API. */
  source!: PreviewSubject &
    Pick<Preview, 'currentNumber' | 'assigned'> & { readonly rendered: RenderedBundles };

  @Field(() => Boolean, { description: 'Whether promote would make it; it would start once its gates pass.' })
  allowed!: boolean;

  @Field(() => RefusalType, { nullable: true, description: 'Why promote would refuse it.' })
  refusal!: Refusal | null;

  @Field(() => [WaveType], { description: 'Its waves with the clusters that each would take.' })
  waves!: WaveType[];

  @Field(() => [GateResultType], { description: 'What each gate would say now.' })
  gates!: GateResultType[];
}
