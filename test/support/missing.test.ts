// A suite that silently does not run is the worst kind of green, so the decision is tested.
import { describe, expect, it } from 'vitest';
import { fateOf } from './missing.ts';

const need = {
  what: 'a control plane',
  problem: 'Go is not on PATH',
  requiredBy: ['CI', 'FAIRLEAD_REQUIRE_KUBE'],
};

describe('a suite that needs something', () => {
  it('runs when nothing is missing, required or not', () => {
    expect(fateOf({ ...need, problem: undefined }, { CI: 'true' })).toEqual({ runs: true });
  });

  it('is left out with the reason when nobody requires it', () => {
    const fate = fateOf(need, { CI: '' });
    expect(fate).toMatchObject({ runs: false, fails: false });
    expect(fate).toHaveProperty('message', expect.stringMatching(/a control plane.*Go is not on PATH/));
  });

  it('fails and names the variable that requires it', () => {
    const fate = fateOf(need, { FAIRLEAD_REQUIRE_KUBE: '1' });
    expect(fate).toMatchObject({ runs: false, fails: true });
    expect(fate).toHaveProperty('message', expect.stringContaining('FAIRLEAD_REQUIRE_KUBE'));
  });
});
