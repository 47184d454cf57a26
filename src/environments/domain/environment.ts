// A named set of clusters.

export interface Environment {
  readonly id: bigint;
  readonly name: string;
  /** As it was written; it was checked when it was saved. */
  readonly selector: string;
  readonly createdAt: Date;
}
