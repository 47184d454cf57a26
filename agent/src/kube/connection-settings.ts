// What is needed to reach and to convince one API server.

/** Gives the value of the Authorization header; may read a file or run a login. */
export type Authorization = () => Promise<string | undefined>;

/** One API server and the agent's identity there. */
export interface ConnectionSettings {
  /** Such as `https://10.0.0.1:443`, without a slash at the end. */
  readonly server: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly serverName?: string;
  readonly skipTlsVerify?: boolean;
  readonly authorization: Authorization;
  /** `http://proxy:3128`, for the servers that are not reached directly. */
  readonly proxyUrl?: string;
}
