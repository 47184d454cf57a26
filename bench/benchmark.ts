// What a benchmark is, so that one program can run any of them and write what it found.

/** Measured values by name; each name ends with its unit: `commitToReportedMs`, `hubCpuSeconds`, `objectsPerSecond`. */
export type Figures = Readonly<Record<string, number>>;

/** One load of a benchmark, such as 1,000 clusters. */
export interface Load {
  readonly name: string;
  readonly parameters: Readonly<Record<string, number>>;
}

/** What we promise of one figure under one load: at most or at least `value`. */
export interface Target {
  readonly load: string;
  readonly figure: string;
  readonly bound: 'AT_MOST' | 'AT_LEAST';
  readonly value: number;
}

/** What the words behind the benchmark's name ask for; undefined: the benchmark's own. */
export interface Wishes {
  readonly clusters: number | undefined;
  readonly applications: number | undefined;
  readonly minutes: number | undefined;
}

/** What a run may use of the program around it. */
export interface RunContext {
  /** Says what happens, for a person who waits. */
  readonly say: (line: string) => void;
  /** Aborted when somebody wants the benchmark to end. */
  readonly signal: AbortSignal;
}

/** One benchmark. */
export interface Benchmark {
  readonly name: string;
  /** One line for a person. */
  readonly title: string;
  /** What is not real in it, in whole sentences. */
  readonly simulated: readonly string[];
  readonly targets: readonly Target[];
  loads(wishes: Wishes): readonly Load[];
  /** One run from nothing: everything is started and stopped by it. Several samples where it repeats its measurement. */
  run(load: Load, context: RunContext): Promise<readonly Figures[]>;
}
