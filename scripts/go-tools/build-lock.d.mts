// The types of build-lock.mjs, for its test.

/** Runs `work` while holding the lock of `folder`; calls `onWait` once when somebody else holds it. */
export function withBuildLock<Result>(
  folder: string,
  onWait: () => void,
  work: () => Promise<Result>,
): Promise<Result>;
