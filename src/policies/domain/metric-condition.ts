// The condition of a metric check: one comparison with a number. A policy is checked with it, and so are the values.

const pattern = /^\s*(<=|>=|==|!=|<|>)\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*$/;

/** What a value must do to satisfy the condition; `undefined` where the text is none, such as `< 0.01`. */
export function parseCondition(text: string): ((value: number) => boolean) | undefined {
  const [, operator, number] = pattern.exec(text) ?? [];
  if (operator === undefined || number === undefined) return undefined;
  const limit = Number(number);
  return (value) => compares(value, operator, limit);
}

function compares(value: number, operator: string, limit: number): boolean {
  if (operator === '<') return value < limit;
  if (operator === '<=') return value <= limit;
  if (operator === '>') return value > limit;
  if (operator === '>=') return value >= limit;
  return (value === limit) === (operator === '==');
}
