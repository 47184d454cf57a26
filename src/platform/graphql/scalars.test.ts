import { describe, expect, it } from 'vitest';
import { parseValue } from 'graphql';
import { AppError } from '../errors.ts';
import { DateTimeScalar, DurationScalar, JsonScalar, LabelSelectorScalar } from './scalars.ts';

describe('the scalars', () => {
  it('DateTime takes RFC 3339 with any offset and answers UTC', () => {
    const at = DateTimeScalar.parseValue('2026-01-31T13:00:00+01:00');
    expect(DateTimeScalar.serialize(at)).toBe('2026-01-31T12:00:00.000Z');
  });

  it.each(['2026-01-31', 'yesterday', 5, '2026-13-01T00:00:00Z'])('DateTime refuses %s', (value) => {
    expect(() => DateTimeScalar.parseValue(value)).toThrow(AppError);
  });

  it('Duration is milliseconds inside and a short text outside', () => {
    expect(DurationScalar.parseValue('15m')).toBe(900_000);
    expect(DurationScalar.serialize(900_000)).toBe('15m');
    expect(() => DurationScalar.parseValue('soon')).toThrow(/30s, 15m/);
  });

  it('JSON literals keep their shape, variables inside included', () => {
    const literal = parseValue('{ a: [1, 2.5, "x", null, true, $v], b: ENUM }');
    expect(JsonScalar.parseLiteral(literal, { v: 7 })).toEqual({
      a: [1, 2.5, 'x', null, true, 7],
      b: 'ENUM',
    });
  });

  it('LabelSelector takes only a text', () => {
    expect(LabelSelectorScalar.parseValue('env=prod')).toBe('env=prod');
    expect(() => LabelSelectorScalar.parseValue(5)).toThrow(AppError);
  });
});
