// Where the engine gets the objects of a bundle; the hub side fetches, verifies and keeps them.
import type { KubernetesObject } from '@fairlead/protocol/kubernetes-object';

/** The objects of the bundle with this SHA-256. Rejects, with a message for a person, when they cannot be had now. */
export type BundleSource = (digest: string) => Promise<readonly KubernetesObject[]>;
