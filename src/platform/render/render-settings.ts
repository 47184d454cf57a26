// The programs and limits of the render adapter; bound to the configuration by its module.

/** Dependency-injection token of the settings. */
export abstract class RenderSettings {
  /** Paths that the operator names (FAIRLEAD_KUSTOMIZE, FAIRLEAD_HELM): then no other is looked for. */
  abstract readonly kustomize: string | undefined;
  abstract readonly helm: string | undefined;
  /** Folders of PATH. */
  abstract readonly searchPath: readonly string[];
  /** Folder in which the project's own scripts keep built tools. */
  abstract readonly toolCache: string;
  abstract readonly timeoutMs: number;
  abstract readonly maxOutputBytes: number;
}

/** What suits ordinary renders. */
export const renderDefaults = { timeoutMs: 60_000, maxOutputBytes: 64 * 1024 ** 2 } as const;
