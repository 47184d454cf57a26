// Label selectors in Kubernetes' own syntax: `env=prod,region in (eu,us),tier!=web,!edge,canary`.
import { badRequest } from '../status-error.ts';

/** Decides by labels alone. */
export type LabelTest = (labels: Readonly<Record<string, string>>) => boolean;

const NAME = /^[\w./-]+$/;
const REQUIREMENT = /^([\w./-]+)\s*(?:(=|==|!=)\s*([\w.-]*)|\s(in|notin)\s*\(([^()]*)\))?$/;
const BETWEEN_REQUIREMENTS = /,(?![^(]*\))/;

/** Throws 400 when the text is no selector; an empty text selects everything. */
export function parseLabelSelector(text: string): LabelTest {
  if (text.trim() === '') return () => true;
  const tests = text.split(BETWEEN_REQUIREMENTS).map((part) => parseRequirement(part.trim(), text));
  return (labels) => tests.every((test) => test(labels));
}

function parseRequirement(part: string, text: string): LabelTest {
  if (part.startsWith('!') && NAME.test(part.slice(1).trim())) {
    const name = part.slice(1).trim();
    return (labels) => !(name in labels);
  }
  const match = REQUIREMENT.exec(part);
  if (!match) {
    throw badRequest(
      `unable to parse requirement: ${JSON.stringify(part)} in selector ${JSON.stringify(text)}`,
    );
  }
  const [, name = '', comparison, value = '', membership, list = value] = match;
  const operator = comparison ?? membership;
  if (operator === undefined) return (labels) => name in labels;
  return valueTest(name, operator, list.split(','));
}

/** A label that is absent is different from every value. */
function valueTest(name: string, operator: string, wanted: readonly string[]): LabelTest {
  const values = new Set(wanted.map((value) => value.trim()));
  const isWanted = operator !== '!=' && operator !== 'notin';
  return (labels) => {
    const value = labels[name];
    return (value !== undefined && values.has(value)) === isWanted;
  };
}
