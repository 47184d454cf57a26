// What the Git adapter needs to reach one repository. The credential lives in memory and in files of mode 0600 only.

/** How to log in. A CA certificate (PEM) serves https with a private authority. */
export type RepositoryCredential =
  | { readonly kind: 'NONE'; readonly caCertificate?: string }
  | {
      readonly kind: 'BASIC';
      readonly username: string;
      readonly password: string;
      readonly caCertificate?: string;
    }
  | {
      readonly kind: 'SSH';
      readonly privateKey: string;
      /** Lines as in `known_hosts`; without them the machine's own list decides. */
      readonly knownHosts?: string;
    };

/** A repository's address with its credential. The address itself never holds a password. */
export interface RepositoryAccess {
  readonly url: string;
  readonly credential: RepositoryCredential;
}
