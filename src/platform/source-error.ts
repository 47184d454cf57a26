// Why a Git source gave no release: a closed set of codes, shared by Git and render, shown as `sourceError`.

/**
 * Every code. `lasting`: the same source fails the same way each time, so another try is worth nothing until it
 * changes; `passing`: the network, the machine or a setting may be better next time.
 */
const sourceErrors = {
  REPOSITORY_UNREACHABLE: 'passing',
  REPOSITORY_NOT_FOUND: 'passing',
  REPOSITORY_AUTHENTICATION: 'passing',
  REPOSITORY_CERTIFICATE: 'passing',
  REPOSITORY_HOST_KEY: 'passing',
  REPOSITORY_EMPTY: 'passing',
  REPOSITORY_TOO_LARGE: 'passing',
  REPOSITORY_TIMEOUT: 'passing',
  REPOSITORY_DAMAGED: 'passing',
  REPOSITORY_NOT_ALLOWED: 'passing',
  REF_NOT_FOUND: 'passing',
  COMMIT_NOT_FOUND: 'passing',
  PATH_NOT_FOUND: 'lasting',
  SYMLINK_OUTSIDE: 'lasting',
  SUBMODULE_NOT_SUPPORTED: 'lasting',
  SOURCE_TOO_LARGE: 'passing',
  KUSTOMIZE_REMOTE_BASE: 'lasting',
  RENDERER_MISSING: 'passing',
  RENDER_FAILED: 'lasting',
  RENDER_TIMEOUT: 'passing',
  RENDER_TOO_LARGE: 'passing',
  YAML_INVALID: 'lasting',
  OBJECT_INVALID: 'lasting',
  DUPLICATE_OBJECT: 'lasting',
  LABEL_MISSING: 'lasting',
} as const;

/** A stable word for what is wrong with a source. */
export type SourceErrorCode = keyof typeof sourceErrors;

/** An expected fault of a source: the message names file and reason and never holds a secret. */
export class SourceError extends Error {
  readonly code: SourceErrorCode;

  constructor(code: SourceErrorCode, message: string) {
    super(message);
    this.name = 'SourceError';
    this.code = code;
  }
}

/** Whether another try is worth nothing until the source changes. */
export function isLasting(code: string): boolean {
  return code in sourceErrors && sourceErrors[code as SourceErrorCode] === 'lasting';
}
