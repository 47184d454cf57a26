// An immutable version of one application, with everything pinned that later renders of it need.
import type { ApplicationSource } from '../../applications/domain/application.ts';

/** The settings as they were when the release was made. */
export interface PinnedSource extends ApplicationSource {
  /** A chart's release name where the settings give none. */
  readonly applicationName: string;
  /** Of objects that name none. */
  readonly namespace: string;
}

/** Who wrote a commit, and what it says. */
export interface ReleaseCommit {
  readonly commit: string;
  readonly author: string;
  readonly authorEmail: string;
  readonly message: string;
  readonly committedAt: Date;
}

/** Numbered 1, 2, 3 … for each application; a failed render takes no number. */
export interface Release extends ReleaseCommit {
  readonly id: bigint;
  readonly applicationId: bigint;
  readonly number: number;
  readonly source: PinnedSource;
  readonly createdAt: Date;
}

/** Which bundle the inputs of one environment rendered to. */
export interface RenderedInput {
  readonly environmentId: bigint;
  /** Digest over the resolved path and value files. */
  readonly inputsDigest: string;
  /** Digest over everything that the render read and how. */
  readonly closureDigest: string;
  readonly bundleDigest: string;
}
