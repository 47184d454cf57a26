// A LabelSelector argument, read; what is wrong with it is named with its place.
import { invalid } from '../../platform/errors.ts';
import {
  isSelectorProblem,
  parseLabelSelector,
  selectorProblemText,
  type LabelSelector,
} from '../domain/label-selector.ts';

/** Left out: everything matches. Throws INVALID, naming `argument`. */
export function readSelector(text: string | null | undefined, argument = 'selector'): LabelSelector {
  const selector = parseLabelSelector(text ?? '');
  if (isSelectorProblem(selector)) throw invalid(argument, [selectorProblemText(text ?? '', selector)]);
  return selector;
}
