// What an agent is to do once.

/** Something that one cluster's agent is to do once. */
export interface NewInstruction {
  readonly clusterId: bigint;
  /** Null where it concerns the cluster as a whole. */
  readonly instanceId: bigint | null;
  /** What is to be done, a word that agents know; one that an agent does not know it acknowledges and leaves out. */
  readonly kind: string;
  /** Further facts, by kind; JSON. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** Not to be done after this. */
  readonly expiresAt: Date;
}

/** What became of an instruction. */
export interface InstructionState {
  readonly id: string;
  readonly expiresAt: Date;
  /** Null while its agent has not said that it is done. */
  readonly acknowledgedAt: Date | null;
  /** What the agent answered, by kind; null where it said nothing. */
  readonly outcome: unknown;
}
