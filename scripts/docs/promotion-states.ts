// The diagram of promotion states, from the table that decides them.
import { moves } from '../../src/promotions/domain/transition.ts';

const START = '<!-- promotion-states:';
const END = '<!-- /promotion-states -->';

/** The page with the diagram between its two marks; throws where a mark is missing. */
export function withPromotionStates(page: string): string {
  const start = page.indexOf('\n', page.indexOf(START)) + 1;
  const end = page.indexOf(END);
  if (!page.includes(START) || end < 0) throw new Error('A page has lost its promotion-states marks.');
  return `${page.slice(0, start)}${diagram()}${page.slice(end)}`;
}

/** Mermaid, which GitHub draws. */
function diagram(): string {
  const lines = Object.entries(moves).flatMap(([from, events]) =>
    Object.entries(events).map(([event, to]) => `  ${from} --> ${to}: ${event}`),
  );
  return ['```mermaid', 'stateDiagram-v2', '  [*] --> PENDING', ...lines, '```', ''].join('\n');
}
