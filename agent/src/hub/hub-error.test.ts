import { describe, expect, it } from 'vitest';
import { HubError, isHubError, isPassing } from './hub-error.ts';

describe('an error of the hub', () => {
  it('brings no token into the log, though the hub quotes it', () => {
    const error = new HubError('INVALID', 'got { token: "fl_join_s3cret-x" } from fl_agent_abc_DEF');
    expect(error.message).toBe('got { token: "fl_join_…" } from fl_agent_…');
  });

  it('passes by itself only where nobody has to do anything', () => {
    expect(isPassing(new HubError('UNREACHABLE', ''))).toBe(true);
    expect(isPassing(new HubError('JOIN_TOKEN_EXPIRED', ''))).toBe(false);
    expect(isPassing(new Error('UNREACHABLE'))).toBe(false);
  });

  it('is told apart by its code', () => {
    expect(isHubError(new HubError('UNAUTHENTICATED', ''), 'UNAUTHENTICATED')).toBe(true);
    expect(isHubError(new HubError('INVALID', ''), 'UNAUTHENTICATED')).toBe(false);
  });
});
