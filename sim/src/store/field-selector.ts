// Field selectors: the two fields that the real server offers for every kind, and the few that people use on pods.
import type { KubeObject } from '../kube-object.ts';
import { valueAt } from '../json-value.ts';
import { badRequest } from '../status-error.ts';

export type ObjectTest = (object: KubeObject) => boolean;

const FIELDS: ReadonlySet<string> = new Set([
  'metadata.name',
  'metadata.namespace',
  'spec.nodeName',
  'status.phase',
  'type',
  'involvedObject.name',
  'involvedObject.namespace',
  'involvedObject.kind',
  'involvedObject.uid',
]);
const TERM = /^([\w.]+)(=|==|!=)(.*)$/;

/** Throws 400 for a field that cannot be selected by; an empty text selects everything. */
export function parseFieldSelector(text: string): ObjectTest {
  if (text === '') return () => true;
  const tests = text.split(',').map((term) => parseTerm(term));
  return (object) => tests.every((test) => test(object));
}

function parseTerm(term: string): ObjectTest {
  const match = TERM.exec(term);
  const field = match?.[1] ?? '';
  if (!match) throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
  if (!FIELDS.has(field)) throw badRequest(`${JSON.stringify(field)} is not a known field selector`);
  const wanted = match[3] ?? '';
  const isEqual = match[2] !== '!=';
  return (object) => ((valueAt(object, ...field.split('.')) ?? '') === wanted) === isEqual;
}
